import { managementApi } from '../../services/supabaseManagement.ts';
import { sharedProject } from '../../settings/sharedProject.ts';
import { exitCode } from '../cli.ts';
import { confirmSharedProject } from '../project.ts';
import { applyMigrations, readMigrations } from './migrations.ts';
import { noted, saveIncident, type Incident } from './record.ts';
import { restoreProject } from './restore.ts';
import type { Session } from './session.ts';

const closing = 'prove it and close: npm run incident -- close --root-cause TEXT --url ADDRESS';

/** Lists what could be restored; with `--to` restores it, then applies the migrations again. */
export async function restore(session: Session, incident: Incident): Promise<number> {
  const { by, folder, values, report } = session;
  const { to, yes, project } = values;
  const asked = to !== undefined && !values['dry-run'];
  let begun = asked ? session.note(incident, `Restore to ${to} asked for`) : incident;
  const options = {
    asked: values.again ? undefined : incident.restoreAsked,
    keepAsked: (restoreAsked: NonNullable<Incident['restoreAsked']>) => {
      begun = { ...begun, restoreAsked };
      saveIncident(folder, begun);
    },
    to,
    yes,
    project,
    report,
    confirmTo: values['confirm-to'],
    dryRun: values['dry-run'],
  };
  if (!(await restoreProject({ ...options, timeoutMs: Number(values.timeout) * 1000 }))) {
    session.nothing('Nothing was restored.', begun);
    return asked ? exitCode.error : exitCode.fine;
  }
  const rest = { ...begun };
  delete rest.smokePassedAt; // what was proved before the restore proves nothing any more
  delete rest.migratedAt;
  const restored = { ...noted(rest, by, `Restored to ${to ?? ''}`), restoredAt: new Date().toISOString() };
  saveIncident(folder, restored);
  const text = `The shared Supabase project was set back to ${to ?? ''}.`;
  try {
    const applied = await migrateNow(session);
    const migrated = { ...noted(restored, by, applied), migratedAt: new Date().toISOString() };
    return await session.finish(migrated, `Restored: ${incident.title}`, `${text}\n${applied}`, closing);
  } catch (error) {
    const reason = `The migrations could NOT be applied again: ${error instanceof Error ? error.message : String(error)}`;
    const noticed = noted(restored, by, session.redact(reason));
    const next = 'npm run incident -- migrate';
    await session.finish(noticed, `Restored: ${incident.title}`, `${text}\n${session.redact(reason)}`, next);
    return exitCode.error;
  }
}

/** Applies the migrations to the shared project again: after a restore, or once the fix is ready. */
export async function migrate(session: Session, incident: Incident): Promise<number> {
  const { by, values, report } = session;
  const names = readMigrations(session.place.root, values.migrations).map(({ version, name }) => `${version}_${name}`);
  report(
    `This will apply to ${sharedProject.ref}, which PRODUCTION uses, what its history lacks of:\n  ${names.join('\n  ')}`,
  );
  if (values['dry-run']) {
    session.nothing('Nothing was done (--dry-run).', incident);
    return session.stopped;
  }
  if (!(await confirmSharedProject('Type the project’s reference to apply them:', values))) {
    report('Nothing was done.');
    return session.stopped;
  }
  const applied = await migrateNow(session);
  const migrated = { ...noted(incident, by, applied), migratedAt: new Date().toISOString() };
  return session.finish(migrated, `Migrated: ${incident.title}`, applied, closing);
}

async function migrateNow({ place, report, values }: Session): Promise<string> {
  const migrations = readMigrations(place.root, values.migrations);
  report(
    `Applying the migrations of ${values.migrations.join(', ')} that the history lacks (others: --migrations DIR) …`,
  );
  const applied = await applyMigrations(managementApi(), migrations, report);
  return applied.length === 0
    ? `The history has all ${migrations.length} migrations.`
    : `Migrations applied again: ${applied.join(', ')}.`;
}
