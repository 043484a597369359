import { Option } from '@commander-js/extra-typings';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import type { NumberRule } from '../../cli/numbers.ts';
import { flag, number, project, stack, timeout, yes } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { defaultSmoke } from '../../deploys/smoke.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { planJson, planText } from '../../rotation/planText.ts';
import { checkMove } from '../../rotation/subject.ts';
import { optionsOf, type Given } from './given.ts';
import { prepare, refuseLostJournal } from './prepare.ts';
import { rotate } from './rotate.ts';

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
Exit codes: 0 done and proved, or the plan; 1 error; 2 it waits for a person, and --resume goes on. With --leaked: 0 nothing
that leaked is valid any more, 2 something is, or may be (also with --dry-run).
`;

/** A person may want to wait for a day. */
const overlapRule: NumberRule = { unit: 'seconds', least: 0, most: 86_400 };

export const command = program(
  define('rotate', about)
    .argument('[VALUE]')
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
    .addOption(
      new Option(
        '--leaked [FINDINGS]',
        "what npm run scan has found: its --json report (a file, or - for standard input), a finding's fingerprint, or a " +
          'file or folder to scan; without it, files and history of this repository and the application’s are scanned. With ' +
          'VALUE: that value is known elsewhere. Says what it is and who can have seen it, rotates it with no overlap, scans ' +
          'again, and keeps the incident’s record',
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
        'places whose values nobody can read (secrets that this configuration does not write) were checked by hand: none holds VALUE. ' +
          'With --leaked and no VALUE: a token that was replaced before was seen to be revoked; of places it says nothing then',
      ),
    )
    .addOption(
      flag(
        '--places-checked',
        'with --leaked and no VALUE: places that nobody can read hold nothing of what is rotated',
      ),
    )
    .addOption(
      flag(
        '--although-used',
        'the old key of Supabase ends although its logs show that requests still come with it: whoever sends them may stop',
      ),
    )
    .addOption(
      flag(
        '--code-checked',
        "code that the plan names as not taking the new kind of Supabase's keys was checked: it takes both kinds, or may fail",
      ),
    )
    .addOption(flag('--random', 'the value is our own: any random one will do'))
    .addOption(
      number(
        '--overlap <SECONDS>',
        overlapRule,
        'how long the old one stays valid after the last place has the new one (default: 60)',
      ),
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

async function rotateValue(given: string | undefined, values: Given): Promise<number> {
  if (values.resume && values.back) throw new UsageError('Give one of --resume and --back.');
  if (values.json && !values.dryRun) throw new UsageError('--json is of --dry-run.');
  if (!values.dryRun) refuseLostJournal();
  const staging = openStaging(values.stack);
  if (values.leaked !== undefined) {
    const { rotateLeaked } = await import('./leak/leaked.ts');
    return rotateLeaked(staging, given, values.leaked, values);
  }
  if (given === undefined) throw new UsageError("Missing required argument 'VALUE'.");
  const prepared = await prepare(staging, given, values);
  const { plan, readers } = prepared;
  if (values.to !== undefined) checkMove(plan.subject, values.to, plan.scope.legacy);
  if (values.dryRun) {
    const json = () => `${JSON.stringify(planJson(plan, readers), undefined, 2)}\n`;
    process.stdout.write(values.json ? json() : planText(plan, readers));
    return exitCode.fine;
  }
  return (await rotate(staging, prepared, optionsOf(values, prepared.overlapSeconds))).code;
}
