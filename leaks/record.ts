import { createRedactor } from '../detection/redact.ts';
import { noted, openIncidents, saveIncident, type Incident } from '../incidents/record.ts';
import { printableLines } from '../machine/printable.ts';
import type { Secret } from '../secrets/secret.ts';

/** What the record of a leak is about. */
export interface Leaked {
  /** The value's name in the configuration. */
  readonly value: string;
  readonly by: string;
  /** Whether another repository has it: more people than those of this machine. */
  readonly isPushed: boolean;
  /** Whatever must not be in the record. */
  readonly secrets: readonly Secret[];
}

const titleOf = (value: string) => `Leaked: ${value}`;

/**
 * Notes what is known of a leak in its incident: the one that is open for this value, or a new one, so that a run which was
 * killed goes on with its own record. `opens`: whether a new one may be opened. Yields the incident; `undefined`: none is open.
 * Throws where the folder's records cannot be read or written.
 */
export function noteLeak(
  folder: string,
  { value, by, isPushed, secrets }: Leaked,
  text: string,
  opens: boolean,
): Incident | undefined {
  const open = openIncidents(folder).find((one) => one.kind === 'leak' && one.title === titleOf(value));
  if (open === undefined && !opens) return undefined;
  const line = printableLines(createRedactor(secrets.map((secret) => secret.reveal()))(text));
  const incident = open ?? opened(titleOf(value), by, isPushed ? 'high' : 'medium');
  const after = incident.timeline.some((each) => each.text === line) ? incident : noted(incident, by, line);
  saveIncident(folder, after);
  return after;
}

function opened(title: string, lead: string, severity: Incident['severity']): Incident {
  const startedAt = new Date().toISOString();
  const id = `${startedAt.replaceAll(/[:.]/g, '-')}-${title.split(' ').at(-1) ?? ''}`;
  return noted({ id, title, severity, kind: 'leak', lead, startedAt, timeline: [] }, lead, `Opened: ${title}`);
}
