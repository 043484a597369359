import { severityOf } from '../../alerts/severity.ts';
import { exitCode } from '../../cli/errors.ts';
import { gatherEvidence } from './evidence.ts';
import { nextStep } from './next.ts';
import { incidentLines, kinds, noted, openIncidents, saveIncident, type Incident } from '../../incidents/record.ts';
import type { Session } from './session.ts';

/** Opens the record, gathers the evidence, alerts. A start that was cut short goes on where it was. */
export async function start(session: Session): Promise<number> {
  const { by, folder, staging, redact, values } = session;
  const kind = kinds.find((one) => one === values.kind);
  const severity = severityOf(values.severity);
  const title = session.needed('title');
  if (kind === undefined || severity === undefined) return exitCode.error; // refused before
  const all = openIncidents(folder);
  const open = all.find((one) => one.title === title && one.kind === kind);
  const others = all.filter((one) => one !== open);
  if (others.length > 0) {
    session.report(`Open besides this one, so the next commands want --id ID:\n${incidentLines(others)}`);
  }
  const what = open ? `go on with the incident ${open.id}` : 'open an incident';
  if (!(await session.agreed(`alert the channel (${severity}) and ${what}: ${title}`, open))) {
    return session.stopped;
  }
  const opened = open ?? fresh(title, severity, kind, by);
  saveIncident(folder, opened); // before anything that may take long or fail
  const evidence = (await gatherEvidence(staging)).map(redact);
  const incident = noted(opened, by, `Evidence:\n${evidence.join('\n')}`);
  return session.finish(incident, `Incident: ${title}`, evidence.join('\n'), await nextStep(incident, staging));
}

function fresh(title: string, severity: Incident['severity'], kind: Incident['kind'], lead: string): Incident {
  const startedAt = new Date().toISOString();
  const id = startedAt.replaceAll(/[:.]/g, '-');
  return noted({ id, title, severity, kind, lead, startedAt, timeline: [] }, lead, `Opened: ${title}`);
}
