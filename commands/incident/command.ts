import { Option } from '@commander-js/extra-typings';
import { resolve } from 'node:path';
import { define, ends } from '../../cli/define.ts';
import { by, dryRun, flag, json, project, several, stack, text, timeout, yes } from '../../cli/options.ts';
import { program } from '../../cli/program.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { defaultSmoke } from '../../deploys/smoke.ts';
import { close } from './close.ts';
import { lacking } from './lacking.ts';
import { incidentLines, kinds, noted, openIncident, openIncidents, type Incident } from '../../incidents/record.ts';
import { migrate } from './migrateStep.ts';
import { nextStep } from './next.ts';
import { restore } from './restoreStep.ts';
import { Session, type IncidentValues } from './session.ts';
import { start } from './start.ts';
import { refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';

const about = `
Walks through an incident and keeps its timeline. After each step it names the next command.
`;

const more = 'Exit codes: 0 done, 1 error, 2 the channel could not be alerted, or the smoke test failed.';

const id = new Option('--id <ID>', 'which incident (default: the one that is open; with several it has to be said)');
const dir = new Option('--dir <FOLDER>', 'where incidents are kept (default: INCIDENTS_DIR, else incidents)').default(
  process.env.INCIDENTS_DIR ?? 'incidents',
);
const application = new Option(
  '--application <PATH>',
  'the checkout of the application whose migrations count. What config/migration-drift-manifest.json names there is never applied',
);
const migrations = new Option('--migrations <PATH>', 'its folder supabase/migrations, instead of --application');
const without = several('--without <VERSION>', 'leave that migration out, the culprit say');
const includeAll = flag('--include-all', 'those too that are older than the newest in the history');

const starts = define(
  'start',
  'Alerts the channel, gathers evidence (deploy job and its smoke test, last deploy, last changes, kill switch, drift), opens ' +
    'the record; the same title again goes on with it.',
)
  .addOption(text('--title <TEXT>', 'what is wrong, in a line'))
  .addOption(new Option('--kind <KIND>', kinds.join(', ')))
  .addOption(new Option('--severity <SEVERITY>', 'medium (default), or SEV1 to SEV3').default('medium'))
  .addOption(id)
  .addOption(dir)
  .addOption(by)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(
    ends(async (options) => {
      const session = sessionOf(options);
      await refuseMissing(called(), lacking('start', session.values, session.staging.project.ref));
      return start(session);
    }),
  );

const updates = define('update', 'Adds to the timeline and notifies the channel.')
  .addOption(text('--text <TEXT>', 'the text for the channel'))
  .addOption(id)
  .addOption(dir)
  .addOption(by)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => onOpen('update', options, update)));

const restores = define(
  'restore',
  'Lists the backups of the shared Supabase project; with --to TIME sets it back (PRODUCTION too): two confirmations. The ' +
    "kill switch's row is set back too: it is thrown again where it was thrown. Then it applies the migrations of " +
    '--application again. A restore that was asked for is not asked for a second time but with --again.',
)
  .addOption(new Option('--to <TIME>', 'the moment that the project is set back to'))
  .addOption(new Option('--confirm-to <TIME>', 'with --yes: the moment once more'))
  .addOption(flag('--again', 'ask for the restore once more'))
  .addOption(project)
  .addOption(application)
  .addOption(migrations)
  .addOption(without)
  .addOption(includeAll)
  .addOption(timeout('how long to wait for the restore (default: 3600)').default(3600))
  .addOption(id)
  .addOption(dir)
  .addOption(by)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => onOpen('restore', options, restore)));

const migrates = define(
  'migrate',
  "Applies the migrations that the project's history lacks: when restore could not, or when the fix is ready.",
)
  .addOption(project)
  .addOption(application)
  .addOption(migrations)
  .addOption(without)
  .addOption(includeAll)
  .addOption(timeout('how long to wait (default: 3600)').default(3600))
  .addOption(id)
  .addOption(dir)
  .addOption(by)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => onOpen('migrate', options, migrate)));

const closes = define(
  'close',
  'Writes the root-cause document and posts it. For a Supabase regression it needs a smoke test that passes: --url ADDRESS.',
)
  .addOption(text('--root-cause <TEXT>', 'why it happened; it is posted'))
  .addOption(new Option('--url <ADDRESS>', 'the staging deploy that the smoke test proves'))
  .addOption(new Option('--smoke <COMMAND>', `run with --url ADDRESS (default: ${defaultSmoke})`).default(defaultSmoke))
  .addOption(id)
  .addOption(dir)
  .addOption(by)
  .addOption(yes)
  .addOption(dryRun)
  .addOption(json)
  .addOption(stack)
  .action(ends((options) => onOpen('close', options, close)));

export const command = program(define('incident', about), {
  verbs: [starts, updates, restores, migrates, closes],
  more,
});

type Given = Partial<IncidentValues> &
  Pick<IncidentValues, 'dir' | 'yes' | 'dryRun' | 'json'> & {
    readonly by?: string;
    readonly id?: string;
    readonly stack: string;
  };

function sessionOf(given: Given): Session {
  const staging = openStaging(given.stack);
  const folder = resolve(staging.root, given.dir);
  const redact = createRedactor(sensitiveValues(process.env));
  return new Session({ staging, folder, redact, by: actor(given.by), values: { ...unused, ...given } });
}

/** What the steps read of an option that is another verb's. */
const unused = {
  severity: 'medium',
  smoke: defaultSmoke,
  again: false,
  without: [],
  includeAll: false,
  timeout: 3600,
  project: undefined,
};

function called() {
  return { script: 'incident', args: process.argv.slice(2) };
}

/** Runs a step on the incident that is open, or that `--id` names. */
async function onOpen(
  verb: string,
  given: Given,
  step: (session: Session, incident: Incident) => Promise<number>,
): Promise<number> {
  const session = sessionOf(given);
  const lacks = (incident?: Incident) => lacking(verb, session.values, session.staging.project.ref, incident);
  const open = given.id === undefined ? openIncidents(session.folder) : [];
  if (open.length > 1) {
    const which = { add: '--id ID', why: `which of those that are open:\n${incidentLines(open)}` };
    await refuseMissing(called(), [...lacks(), which]);
  }
  const incident = openIncident(session.folder, given.id);
  await refuseMissing(called(), lacks(incident));
  return step(session, incident);
}

async function update(session: Session, incident: Incident): Promise<number> {
  const words = session.needed('text');
  if (!(await session.agreed(`tell the channel: ${words}`, incident))) return session.stopped;
  const after = noted(incident, session.by, words);
  return session.finish(after, `Update: ${incident.title}`, words, await nextStep(after, session.staging));
}
