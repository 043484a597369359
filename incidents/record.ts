import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../machine/writeWhole.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** What an incident is about; it decides which command comes next. */
export const kinds = ['deploy', 'supabase', 'agents', 'leak'] as const;

/** What a command did that decides which one comes next; kept beside the words for people. */
const deeds = ['agents-stopped', 'stop-proved', 'agents-let-act', 'deployed', 'deploy-failed'] as const;
export type Deed = (typeof deeds)[number];

const schema = z.object({
  id: z.string(),
  title: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'info']),
  kind: z.enum(kinds),
  lead: z.string(),
  startedAt: z.string(),
  closedAt: z.string().optional(),
  rootCause: z.string().optional(),
  timeline: z.array(z.object({ at: z.string(), by: z.string(), text: z.string(), did: z.enum(deeds).optional() })),
  /** The restore that Supabase was asked for, and when: it is asked for once. */
  restoreAsked: z.object({ to: z.string(), at: z.string() }).optional(),
  /** The kill switch's row before that restore, which sets it back too. */
  rowBeforeRestore: z
    .union([
      z.enum(['missing', 'unknown']),
      z.object({ disabled: z.boolean(), reason: z.string().nullable(), by: z.string().nullable(), at: z.string() }),
    ])
    .optional(),
  /** Set by a restore: the migrations and then a smoke test that passes must follow before it may be closed. */
  restoredAt: z.string().optional(),
  migratedAt: z.string().optional(),
  smokePassedAt: z.string().optional(),
});

/** One incident as it is kept on disk. */
export type Incident = z.infer<typeof schema>;

/** Writes an incident whole: a kill half way leaves the record as it was. */
export function saveIncident(folder: string, incident: Incident): void {
  writeWhole(join(folder, `${incident.id}.json`), `${JSON.stringify(incident, undefined, 2)}\n`);
}

/** The incidents that are not closed. */
export function openIncidents(folder: string): Incident[] {
  return readIncidents(folder).filter(({ closedAt }) => closedAt === undefined);
}

function readIncidents(folder: string): Incident[] {
  const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return all.map((name) => schema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}

/** The one incident that is open, or the one that is named. */
export function openIncident(folder: string, id: string | undefined): Incident {
  const found = id === undefined ? openIncidents(folder) : readIncidents(folder).filter((one) => one.id === id);
  const [incident] = found;
  if (!incident && id !== undefined) throw new Error(`There is no incident ${id} in ${folder}.`);
  if (!incident) throw new Error(`There is no open incident. Open one: ${forStack('npm run incident -- start')}`);
  if (found.length > 1) throw new Error(`Several incidents are open. Say which by --id ID:\n${incidentLines(found)}`);
  return incident;
}

/** Which incidents there are, for people: an id alone is a bare time. */
export function incidentLines(incidents: readonly Incident[]): string {
  return incidents.map(({ id, title }) => `  ${id}  ${title}`).join('\n');
}

/** Whether it is over only when a smoke test has passed, and none has yet: it touched the database. */
export function needsSmoke({ kind, restoredAt, smokePassedAt }: Incident): boolean {
  return (kind === 'supabase' || restoredAt !== undefined) && smokePassedAt === undefined;
}

/** The incident with one more line in its timeline. */
export function noted(incident: Incident, by: string, text: string, did?: Deed): Incident {
  const entry = { at: new Date().toISOString(), by, text, ...(did !== undefined && { did }) };
  return { ...incident, timeline: [...incident.timeline, entry] };
}

/** The last of these that was done since the incident began. */
export function lastDeed({ timeline }: Incident, ...among: readonly Deed[]): Deed | undefined {
  return timeline.findLast(({ did }) => did !== undefined && among.includes(did))?.did;
}

/** The root-cause document: the template of docs/INCIDENT_RESPONSE.md, filled in. */
export function rootCauseDocument(incident: Incident): string {
  const { title, severity, lead, startedAt, closedAt, rootCause, timeline } = incident;
  return [
    `# ${title}`,
    '',
    `Severity ${severity}, led by ${lead}, from ${startedAt} to ${closedAt ?? 'now'}.`,
    '',
    '## Root cause',
    '',
    rootCause ?? '(not known yet)',
    '',
    '## Timeline',
    '',
    ...timeline.map(({ at, by, text }) => `- ${at} (${by}) ${text.replaceAll('\n', '\n  ')}`),
    '',
    '## What prevents it next time',
    '',
    '- (one line an action, with a name and a date)',
    '',
  ].join('\n');
}
