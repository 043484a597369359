import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isSeverity } from './alert/severity.ts';
import { exitCode, runCommand, UsageError } from './cli.ts';
import { confirm } from './confirm.ts';
import { openPlace } from './deploys/place.ts';
import { defaultSmoke, runSmoke } from './deploys/smoke.ts';
import { announce } from './incident/announce.ts';
import { gatherEvidence } from './incident/evidence.ts';
import { noted, openIncident, rootCauseDocument, saveIncident, type Incident } from './incident/record.ts';
import { restoreProject } from './incident/restore.ts';
import { actor } from './project.ts';
import { createRedactor, sensitiveValues } from './redact.ts';

const help = `
npm run incident -- start | update | restore | close [options]

Walks through an incident and keeps its timeline. After each step it names the next command.

  start    alerts #deployments, gathers evidence (deploy job, last deploy, kill switch), opens the record
           --title TEXT --kind deploy|supabase|agents [--severity medium]
  update   adds to the timeline and tells the channel: --text TEXT
  restore  lists the backups of the shared Supabase project; with --to TIME sets it back (PRODUCTION too)
           two confirmations; with --yes: --confirm-to TIME --project REF
  close    writes the root-cause document and posts it: --root-cause TEXT
           after a restore it needs a smoke test that passes: --url ADDRESS

  --id ID            which incident (default: the one that is open)
  --dir FOLDER       where incidents are kept (default: INCIDENTS_DIR, else incidents)
  --smoke COMMAND    close: run with --url ADDRESS (default: ${defaultSmoke})
  --timeout SECONDS  restore (default 3600)
  --by NAME --yes --dry-run --json --stack NAME

Exit codes: 0 done, 1 error, 2 the channel was not told, or the smoke test failed.
`;

const next: Readonly<Record<Incident['kind'], string>> = {
  deploy: 'npm run deploy:rollback   (or, when secrets are fixed: npm run deploy:rerun)',
  supabase: 'npm run incident -- restore',
  agents: 'npm run kill-switch -- off --reason TEXT',
};
const option = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

void runCommand({
  help,
  options: {
    ...{ title: option, kind: option, text: option, id: option, url: option, to: option, by: option, project: option },
    ...{ 'root-cause': option, 'confirm-to': option, yes: flag, 'dry-run': flag, json: flag },
    severity: { type: 'string', default: 'medium' },
    dir: { type: 'string', default: process.env.INCIDENTS_DIR ?? 'incidents' },
    smoke: { type: 'string', default: defaultSmoke },
    timeout: { type: 'string', default: '3600' },
    stack: { type: 'string', default: 'staging' },
  },
  async run(values, [verb]) {
    const place = openPlace(values.stack);
    const folder = resolve(place.root, values.dir);
    const by = actor(values.by);
    const redact = createRedactor(sensitiveValues(process.env));
    const report = (line: string) => process.stderr.write(`${redact(line)}\n`);
    const needed = (name: 'title' | 'text' | 'root-cause'): string => {
      const text = values[name];
      if (!text?.trim()) throw new UsageError(`--${name} TEXT is missing.`);
      return redact(text.trim());
    };
    const agreed = async (what: string) => {
      report(what);
      if (values['dry-run']) report('Nothing was done (--dry-run).');
      return !values['dry-run'] && (await confirm('Go on?', values));
    };
    const stopped = values['dry-run'] ? exitCode.fine : exitCode.error;
    const finish = async (incident: Incident, title: string, text: string, advice: string): Promise<number> => {
      const told = await announce(incident, title, text, place.root);
      const after = told ? incident : noted(incident, by, 'The channel could NOT be told');
      saveIncident(folder, after);
      process.stdout.write(
        values.json
          ? `${JSON.stringify(after, undefined, 2)}\n`
          : `${incident.id}: ${title}\n${text}\nNext: ${advice}\n`,
      );
      return told ? exitCode.fine : exitCode.findings;
    };

    if (verb === 'start') {
      const title = needed('title');
      const { severity } = values;
      const kind = (['deploy', 'supabase', 'agents'] as const).find((one) => one === values.kind);
      if (!kind) throw new UsageError('--kind is deploy, supabase or agents.');
      if (!isSeverity(severity)) throw new UsageError('--severity is critical, high, medium, low or info.');
      if (!(await agreed(`This will alert #deployments (${severity}) and open an incident: ${title}`))) return stopped;
      const now = new Date().toISOString();
      const fresh: Incident = {
        id: now.replaceAll(/[:.]/g, '-'),
        title,
        severity,
        kind,
        lead: by,
        startedAt: now,
        timeline: [],
      };
      const opened = noted(fresh, by, `Opened: ${title}`);
      saveIncident(folder, opened); // before anything that may take long or fail
      const evidence = (await gatherEvidence(place)).map(redact);
      const incident = noted(opened, by, `Evidence:\n${evidence.join('\n')}`);
      return finish(incident, `Incident: ${title}`, evidence.join('\n'), next[kind]);
    }
    const incident = openIncident(folder, values.id);
    switch (verb) {
      case 'update': {
        const text = needed('text');
        if (!(await agreed(`This will tell #deployments: ${text}`))) return stopped;
        return finish(noted(incident, by, text), `Update: ${incident.title}`, text, next[incident.kind]);
      }
      case 'restore': {
        const timeoutMs = Number(values.timeout) * 1000;
        const { to, yes, project } = values;
        const begun =
          to === undefined || values['dry-run'] ? incident : noted(incident, by, `Restore to ${to} asked for`);
        saveIncident(folder, begun);
        const done = await restoreProject({
          to,
          yes,
          project,
          timeoutMs,
          report,
          confirmTo: values['confirm-to'],
          dryRun: values['dry-run'],
        });
        if (!done) {
          process.stdout.write('Nothing was restored.\n');
          return to === undefined || values['dry-run'] ? exitCode.fine : exitCode.error;
        }
        const rest = { ...begun };
        delete rest.smokePassedAt; // a test from before the restore proves nothing any more
        const restored = { ...noted(rest, by, `Restored to ${to ?? ''}`), restoredAt: new Date().toISOString() };
        const text = `The shared Supabase project was set back to ${to ?? ''}.`;
        return finish(
          restored,
          `Restored: ${incident.title}`,
          text,
          'supabase db push   (migrations again), then: npm run incident -- close --url ADDRESS',
        );
      }
      case 'close': {
        const rootCause = needed('root-cause');
        let ending = incident;
        if (!(await agreed(`This will close ${incident.id} and post its root cause.`))) return stopped;
        if (values.url !== undefined) {
          const code = await runSmoke(values.smoke, values.url, place.root);
          if (code !== 0) {
            saveIncident(
              folder,
              noted(incident, by, `Smoke test of ${values.url}: ${code === 2 ? 'FAILED' : 'could not run'}`),
            );
            report('Not closed: the smoke test did not pass.');
            return code === 2 ? exitCode.findings : exitCode.error;
          }
          ending = {
            ...noted(incident, by, `Smoke test of ${values.url} passed`),
            smokePassedAt: new Date().toISOString(),
          };
        }
        if (ending.restoredAt !== undefined && ending.smokePassedAt === undefined) {
          throw new Error('Not closed: after a restore a smoke test must pass. Give the address: --url ADDRESS');
        }
        const closed = { ...noted(ending, by, 'Closed'), closedAt: new Date().toISOString(), rootCause };
        const document = rootCauseDocument(closed);
        writeFileSync(join(folder, `${closed.id}.md`), document);
        return finish(
          closed,
          `Closed: ${incident.title}`,
          document.slice(0, 2500),
          `fill in and commit ${join(values.dir, `${closed.id}.md`)}`,
        );
      }
      default:
        throw new UsageError('The verb is start, update, restore or close.');
    }
  },
});
