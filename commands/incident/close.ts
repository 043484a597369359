import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from '../../cli/errors.ts';
import { runSmoke } from '../../deploys/smoke.ts';
import { stagingAddress } from '../../deploys/stagingAddress.ts';
import { noted, rootCauseDocument, type Incident } from '../../incidents/record.ts';
import type { Session } from './session.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** Writes the root cause and closes. What touched the database closes only after a smoke test that passed since. */
export async function close(session: Session, incident: Incident): Promise<number> {
  const rootCause = session.needed('rootCause');
  const { by, folder, values } = session;
  const url = values.url === undefined ? undefined : await stagingAddress(session.staging, values.url);
  if (!(await session.agreed(`close ${incident.id} and post its root cause.`, incident))) return session.stopped;
  if (incident.restoredAt !== undefined && incident.migratedAt === undefined) {
    throw new Error(
      `Not closed: after a restore the migrations must be applied again. Do it: ${forStack('npm run incident -- migrate --application PATH')}`,
    );
  }
  let ending = incident;
  if (url !== undefined) {
    const code = await runSmoke(values.smoke, url, session.staging);
    if (code !== 0) {
      session.note(incident, `Smoke test of ${url}: ${code === 2 ? 'FAILED' : 'could not run'}`);
      session.report('Not closed: the smoke test did not pass.');
      return code === 2 ? exitCode.findings : exitCode.error;
    }
    ending = {
      ...session.note(incident, `Smoke test of ${url} passed`),
      smokePassedAt: new Date().toISOString(),
    };
  }
  const closed = { ...noted(ending, by, 'Closed'), closedAt: new Date().toISOString(), rootCause };
  const document = rootCauseDocument(closed);
  writeFileSync(join(folder, `${closed.id}.md`), document);
  const file = join(values.dir, `${closed.id}.md`);
  return session.finish(closed, `Closed: ${incident.title}`, document.slice(0, 2500), `fill in and commit ${file}`);
}
