import { resolve } from 'node:path';
import { runCommand, seconds, UsageError } from '../../cli/command.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { defaultSmoke } from '../../deploys/smoke.ts';
import { close } from './close.ts';
import { lacking } from './lacking.ts';
import { incidentLines, noted, openIncident, openIncidents, type Incident } from '../../incidents/record.ts';
import { migrate } from './migrateStep.ts';
import { nextStep } from './next.ts';
import { restore } from './restoreStep.ts';
import { Session } from './session.ts';
import { start } from './start.ts';
import { refuseMissing } from '../../cli/missing.ts';
import { actor } from '../../cli/sharedProject.ts';
import { createRedactor, sensitiveValues } from '../../detection/redact.ts';

const help = `
npm run incident -- start | update | restore | close [options]

Walks through an incident and keeps its timeline. After each step it names the next command.

  start    alerts the channel, gathers evidence (deploy job and its smoke test, last deploy, last changes, kill switch,
           drift), opens the record; the same title again goes on with it
           --title TEXT --kind deploy|supabase|agents [--severity medium, or SEV1 to SEV3]
  update   adds to the timeline and tells the channel: --text TEXT
  restore  lists the backups of the shared Supabase project; with --to TIME sets it back (PRODUCTION too)
           two confirmations; with --yes: --confirm-to TIME --project REF. The kill switch's row is set back too: it is
           thrown again where it was thrown. Then it applies the migrations of --application again
           a restore that was asked for is not asked for a second time but with --again
  migrate  applies the migrations that the project's history lacks: when restore could not, or when the fix is ready
  close    writes the root-cause document and posts it: --root-cause TEXT
           for a Supabase regression it needs a smoke test that passes: --url ADDRESS

  --id ID            which incident (default: the one that is open; with several it has to be said)
  --dir FOLDER       where incidents are kept (default: INCIDENTS_DIR, else incidents)
  --smoke COMMAND    close: run with --url ADDRESS (default: ${defaultSmoke})
  --application PATH restore, migrate: the checkout of the application whose migrations count (or --migrations, its folder
                     supabase/migrations). What config/migration-drift-manifest.json names there is never applied
  --without VERSION  restore, migrate: leaves that migration out, the culprit say; may be repeated
  --include-all      restore, migrate: those too that are older than the newest in the history
  --timeout SECONDS  restore (default 3600)
  --by NAME --yes --dry-run --json --stack NAME

Exit codes: 0 done, 1 error, 2 the channel could not be alerted, or the smoke test failed.
`;

const option = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

void runCommand({
  help,
  options: {
    ...{ title: option, kind: option, text: option, id: option, url: option, to: option, by: option, project: option },
    ...{ 'root-cause': option, 'confirm-to': option, again: flag, yes: flag, 'dry-run': flag, json: flag },
    severity: { type: 'string', default: 'medium' },
    dir: { type: 'string', default: process.env.INCIDENTS_DIR ?? 'incidents' },
    smoke: { type: 'string', default: defaultSmoke },
    ...{ application: option, migrations: option, 'include-all': flag },
    without: { type: 'string', multiple: true, default: [] },
    timeout: { type: 'string', default: '3600' },
    stack: { type: 'string', default: 'staging' },
  },
  texts: ['title', 'text', 'root-cause', 'by'],
  numbers: { timeout: seconds },
  async run(values, [verb]) {
    const staging = openStaging(values.stack);
    const folder = resolve(staging.root, values.dir);
    const redact = createRedactor(sensitiveValues(process.env));
    const session = new Session({
      ...{ staging, folder, redact, by: actor(values.by) },
      values: { ...values, project: values.project },
    });
    const call = { script: 'incident', args: process.argv.slice(2) };
    const lacks = (incident?: Incident) => lacking(verb ?? '', session.values, staging.project.ref, incident);
    if (verb === 'start') {
      await refuseMissing(call, lacks());
      return start(session);
    }
    const open = values.id === undefined ? openIncidents(folder) : [];
    if (open.length > 1) {
      const which = { add: '--id ID', why: `which of those that are open:\n${incidentLines(open)}` };
      await refuseMissing(call, [...lacks(), which]);
    }
    const incident = openIncident(folder, values.id);
    await refuseMissing(call, lacks(incident));
    switch (verb) {
      case 'update': {
        const text = session.needed('text');
        if (!(await session.agreed(`tell the channel: ${text}`, incident))) return session.stopped;
        const after = noted(incident, session.by, text);
        return session.finish(after, `Update: ${incident.title}`, text, await nextStep(after, staging));
      }
      case 'restore':
        return restore(session, incident);
      case 'migrate':
        return migrate(session, incident);
      case 'close':
        return close(session, incident);
      default:
        throw new UsageError('The verb is start, update, restore, migrate or close.');
    }
  },
});
