import { Option } from '@commander-js/extra-typings';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import type { NumberRule } from '../../cli/numbers.ts';
import { flag, number, project, stack, timeout, yes } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { defaultSmoke } from '../../deploys/smoke.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { declaredHolders } from '../../rotation/holders.ts';
import { providedNames } from '../../rotation/inTheWay.ts';
import { Journals } from '../../rotation/journal.ts';
import { planOf, type Plan } from '../../rotation/plan.ts';
import { planJson, planText } from '../../rotation/planText.ts';
import { notLooked, readBy, type ReadBy } from '../../rotation/readBy.ts';
import { scopeOf, scopeUnderWay } from '../../rotation/scope.ts';
import { checkMove, subjectOf } from '../../rotation/subject.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { rotate } from './rotate.ts';
import { readValues } from './values.ts';

const about = `
Replaces a value of the configuration in every place that holds it, without a moment in which one holds a dead key: makes the
new one beside the old one, writes it into 1Password (the old one stays there as previous_NAME), brings it to staging's
places, deploys staging and proves it, then the same for production's, waits, and only then revokes the old one.

  Supabase's secret and publishable keys are made and revoked by its API. The legacy keys (anon, service_role) can only be
  disabled together: rotating one replaces both. Other vendors' tokens are asked for without echo, with the page that makes
  them; a script gives it on standard input. A value of our own is made up (--random).
`;

const more = `
It needs a token of 1Password that may write the item (OP_SERVICE_ACCOUNT_TOKEN, or OP_ACCOUNT), SUPABASE_ACCESS_TOKEN,
NETLIFY_API_TOKEN, GITHUB_TOKEN and Pulumi. Its journal holds names, times and keyed fingerprints, never a value.
Exit codes: 0 done and proved, or the plan; 1 error; 2 it waits for a person, and --resume goes on.
`;

/** A person may want to wait for a day. */
const overlapRule: NumberRule = { unit: 'seconds', least: 0, most: 86_400 };

export const command = program(
  define('rotate', about)
    .argument('<VALUE>')
    .addOption(
      flag(
        '--dry-run',
        'print the plan: every place that holds it, who reads it, each step, its proof, what cannot be undone',
      ),
    )
    .addOption(
      new Option(
        '--to <KIND>',
        "publishable or secret: only where the value still holds a legacy key of Supabase's, which moves to that kind",
      ),
    )
    .addOption(flag('--resume', 'go on with a rotation that was stopped or killed'))
    .addOption(flag('--back', 'take it back: the old one into every place again, until it was revoked'))
    .addOption(yes)
    .addOption(project)
    .addOption(
      new Option(
        '--app <PATH>',
        "the application's folder: its sources say who reads the value, and whether code of Edge Functions reads it from " +
          'Supabase itself, in which case, or without it, no key of Supabase ends (default: STAGING_APPLICATION)',
      ),
    )
    .addOption(
      flag(
        '--checked',
        'places whose values nobody can read (secrets that this configuration does not write) were checked by hand: none holds it',
      ),
    )
    .addOption(flag('--random', 'the value is our own: any random one will do'))
    .addOption(
      number(
        '--overlap <SECONDS>',
        overlapRule,
        'how long the old one stays valid after the last place has the new one (default: 60)',
      ).default(60),
    )
    .addOption(
      new Option('--smoke <COMMAND>', `the smoke test of a deploy of staging (default: ${defaultSmoke})`).default(
        defaultSmoke,
      ),
    )
    .addOption(new Option('--no-smoke', 'no smoke test'))
    .addOption(timeout('how long a deploy may take (default: 900)').default(900))
    .addOption(flag('--json', 'the plan for another program'))
    .addOption(stack)
    .action(ends(rotateValue)),
  { more },
);

interface Given {
  readonly dryRun: boolean;
  readonly to?: string;
  readonly resume: boolean;
  readonly back: boolean;
  readonly yes: boolean;
  readonly project?: string;
  readonly app?: string;
  readonly checked: boolean;
  readonly random: boolean;
  readonly overlap: number;
  readonly smoke: string | boolean;
  readonly timeout: number;
  readonly json: boolean;
  readonly stack: string;
}

async function rotateValue(given: string, values: Given): Promise<number> {
  if (values.resume && values.back) throw new UsageError('Give one of --resume and --back.');
  if (values.json && !values.dryRun) throw new UsageError('--json is of --dry-run.');
  if (!values.dryRun) refuseLostJournal();
  const staging = openStaging(values.stack);
  const { settings } = staging;
  const asked = subjectOf(settings, given, values.random);
  const holders = declaredHolders(settings);
  const journals = new Journals(journalFolder(values.stack));
  const journal = journals.read(asked.value);
  // What a rotation began with holds to its end, whatever the next call says.
  const subject = journal?.random === true ? subjectOf(settings, given, true) : asked;
  const overlapSeconds = journal?.overlapSeconds ?? values.overlap;
  const found = await readValues(holders);
  const scope =
    journal === undefined ? scopeOf(subject, holders, found) : scopeUnderWay(journal.members, journal.legacy, holders);
  if (values.to !== undefined) checkMove(subject, values.to, scope.legacy);
  const plan = planOf(settings, subject, scope, overlapSeconds);
  const { STAGING_APPLICATION: usual } = process.env;
  const application = values.app ?? (usual === '' ? undefined : usual);
  const readers = application === undefined ? notLooked : await readBy(settings, namesOf(plan), folderOf(application));
  if (values.dryRun) {
    show(plan, readers, values.json);
    return exitCode.fine;
  }
  return rotate(staging, { plan, readers }, found, journals, {
    ...{ resume: values.resume, back: values.back, yes: values.yes, project: values.project, overlapSeconds },
    checked: values.checked,
    smoke: typeof values.smoke === 'string' ? values.smoke : undefined,
    timeoutMs: values.timeout * 1000,
  });
}

function show(plan: Plan, readers: ReadBy, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(planJson(plan, readers), undefined, 2)}\n` : planText(plan, readers));
}

/** The names that places have, and those under which Supabase itself gives Edge Functions the key. */
function namesOf(plan: Plan): string[] {
  return [...new Set([...plan.subject.names, ...plan.holders.map(({ name }) => name), ...providedNames(plan)])];
}

/** Throws where the journal would be gone with the runner of a CI job: what is half done could neither go on nor be taken back. */
function refuseLostJournal(): void {
  const { CI: ci = '', ROTATIONS_DIR: given = '' } = process.env;
  if (ci === '' || ci === 'false' || given !== '') return;
  throw new UsageError(
    'Nothing was done: this is a CI job (CI is set), and the journal of a rotation would be gone with its runner, so that a rotation ' +
      'which stops half way could neither go on nor be taken back. Rotate on a machine of yours, or set ROTATIONS_DIR to a folder that outlives the job.',
  );
}

/** `ROTATIONS_DIR`, else a folder beside Pulumi.yaml that git ignores: a stack's rotations are kept apart from another's. */
function journalFolder(stack: string): string {
  const { ROTATIONS_DIR: given } = process.env;
  const all = resolve(projectRoot(), given === undefined || given === '' ? '.rotations' : given);
  return join(all, stack.replaceAll('/', '_'));
}

function folderOf(path: string): string {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), path); // npm runs scripts at the root
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`The application’s folder, ${path}, is no folder. Give it with --app PATH.`);
  return folder;
}
