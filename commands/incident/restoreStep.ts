import { exitCode, UsageError } from '../../cli/errors.ts';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { readCheckout } from './migrations/checkout.ts';
import { cutShort, forecast, rowBefore, settleAgents, type RowBefore } from './agentsAfterRestore.ts';
import { migrateNow, migrationsOf } from './migrateStep.ts';
import { nextStep } from './next.ts';
import { noted, saveIncident, type Incident } from '../../incidents/record.ts';
import { restoreProject } from './restore.ts';
import type { Session } from './session.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** Lists what could be restored; with `--to` restores it, stops the agents again, then applies the migrations again. */
export async function restore(session: Session, incident: Incident): Promise<number> {
  const { by, folder, values, report, staging } = session;
  const { to, yes, project } = values;
  const asked = to !== undefined && !values.dryRun;
  // What is wrong with the checkout is said before production's data is set back, not after.
  const path = migrationsOf(values);
  if (path !== undefined) readCheckout(path);
  let row: RowBefore = incident.rowBeforeRestore ?? 'unknown';
  let begun = asked ? session.note(incident, `Restore to ${to} asked for`) : incident;
  const options = {
    asked: values.again ? undefined : incident.restoreAsked,
    forecast: async (moment: Date) => {
      row = await rowBefore(staging);
      return forecast(row, moment, staging.project);
    },
    keepAsked: (restoreAsked: NonNullable<Incident['restoreAsked']>) => {
      begun = { ...begun, restoreAsked, rowBeforeRestore: row };
      saveIncident(folder, begun);
    },
    to,
    yes,
    project,
    ref: staging.project.ref,
    isShared: staging.project.isShared,
    report,
    confirmTo: values.confirmTo,
    dryRun: values.dryRun,
  };
  const timeoutMs = session.timeoutMs();
  const isDone = await restoreProject({ ...options, timeoutMs }).catch((error: unknown) => {
    throw begun.restoreAsked === undefined ? error : withAgents(error, row, staging);
  });
  if (!isDone) {
    session.nothing('Nothing was restored.', begun);
    return asked ? exitCode.error : exitCode.fine;
  }
  const rest = { ...begun };
  delete rest.smokePassedAt; // what was proved before the restore proves nothing any more
  delete rest.migratedAt;
  const restored = { ...noted(rest, by, `Restored to ${to ?? ''}`), restoredAt: new Date().toISOString() };
  saveIncident(folder, restored);
  // Before anything else: until then agents may act on what was just repaired.
  const agents = await settleAgents(staging, row, by, Math.min(30_000, timeoutMs / 4));
  report(agents.text);
  const settled = session.note(restored, session.redact(agents.text));
  const text = `The Supabase project ${staging.project.ref} was set back to ${to ?? ''}.\n${session.redact(agents.text)}`;
  // A migration may set the row back as well, also one of those that were applied before another failed.
  const settleAgain = async (incident: Incident) => {
    const again = await settleAgents(staging, row, by, Math.min(30_000, timeoutMs / 4), 'A migration');
    if (again.thrownAgain || again.actAgain !== agents.actAgain) report(again.text);
    const after = again.thrownAgain || again.actAgain ? noted(incident, by, session.redact(again.text)) : incident;
    return { after, again };
  };
  try {
    const applied = await migrateNow(session);
    const { after, again } = await settleAgain(noted(settled, by, applied));
    const migrated = { ...after, migratedAt: new Date().toISOString() };
    const code = await session.finish(
      migrated,
      `Restored: ${incident.title}`,
      `${text}\n${applied}${again.thrownAgain ? `\n${session.redact(again.text)}` : ''}`,
      await nextStep(migrated, staging),
    );
    return again.actAgain ? exitCode.error : code;
  } catch (error) {
    const reason = `The migrations could NOT be applied again: ${error instanceof Error ? error.message : String(error)}`;
    const { after: noticed } = await settleAgain(noted(settled, by, session.redact(reason)));
    const next = forStack('npm run incident -- migrate --application PATH');
    await session.finish(noticed, `Restored: ${incident.title}`, `${text}\n${session.redact(reason)}`, next);
    return exitCode.error;
  }
}

/** The error of a restore that was asked for, with what it means for agents that were stopped. */
function withAgents(error: unknown, row: RowBefore, staging: StagingServices): unknown {
  const word = cutShort(row, staging);
  if (word === '' || error instanceof UsageError || !(error instanceof Error)) return error;
  return new Error(`${error.message}\n${word}`, { cause: error });
}
