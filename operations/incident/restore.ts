import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Api } from '../../services/http.ts';
import { managementApi, projectStatus, readBackups, restoreTo } from '../../services/supabaseManagement.ts';
import { sharedProject } from '../../settings/sharedProject.ts';
import { UsageError } from '../cli.ts';
import { confirm } from '../confirm.ts';
import { confirmSharedProject } from '../project.ts';

export interface RestoreOptions {
  readonly to: string | undefined;
  readonly confirmTo: string | undefined;
  readonly yes: boolean;
  readonly project: string | undefined;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
}

const iso = (seconds: number | undefined) =>
  seconds === undefined ? 'unknown' : new Date(seconds * 1000).toISOString();

/**
 * Lists what the shared project could be restored to, and with `--to` restores it: behind two confirmations, the
 * moment and the project's reference, for everything after that moment is gone, production's too.
 * False when nothing was done.
 */
export async function restoreProject(options: RestoreOptions): Promise<boolean> {
  const { report } = options;
  const api = managementApi();
  const backups = await readBackups(api, sharedProject.ref);
  report(
    backups.pitr
      ? `Point-in-time recovery: from ${iso(backups.earliest)} to ${iso(backups.latest)}.`
      : 'No point-in-time recovery. Daily backups are restored in the dashboard: Database → Backups.',
  );
  for (const { at, status } of backups.daily) report(`  daily backup ${at} ${status}`);
  if (options.to === undefined) return false;
  const at = Date.parse(options.to);
  if (Number.isNaN(at)) throw new UsageError('--to is a time like 2026-01-31T22:00:00Z.');
  const seconds = Math.floor(at / 1000);
  if (!backups.pitr || seconds < (backups.earliest ?? Infinity) || seconds > (backups.latest ?? -Infinity)) {
    throw new Error(`${iso(seconds)} is outside of what can be restored. Nothing was done.`);
  }
  const target = iso(seconds);
  const lost = Math.round((Date.now() - at) / 60_000);
  report(
    `DANGER: this sets ${sharedProject.ref} back to ${target}. PRODUCTION uses this project: everything that anybody ` +
      `wrote in the ${lost} minutes since then is LOST, and the database is down while it is restored.`,
  );
  if (options.dryRun) return false;
  if (options.yes && options.confirmTo !== target) {
    throw new UsageError(`Nothing was done. With --yes the moment is given twice: --confirm-to ${target}`);
  }
  if (!(await confirm('Type the moment to restore to:', { yes: options.yes, expected: target }))) return false;
  if (!(await confirmSharedProject('Type the project’s reference to restore it:', options))) return false;
  if ((await projectStatus(api, sharedProject.ref)) === restoring) {
    report('A restore is under way already; waiting for that one.');
  } else {
    await begin(api, seconds);
    report('Supabase restores …');
  }
  await untilHealthy(api, options);
  return true;
}

const restoring = 'RESTORING';

/** Asks for it once. A lost answer does not tell whether it was heard: the project's status does. */
async function begin(api: Api, seconds: number): Promise<void> {
  try {
    await restoreTo(api, sharedProject.ref, seconds);
  } catch (error) {
    const heard = error instanceof ServiceError && (error.status === 0 || error.status >= 500);
    if (!heard || (await projectStatus(api, sharedProject.ref)) !== restoring) throw error;
  }
}

/** A project that is healthy a moment after it was asked has not begun yet: it must have been something else, or the moment be over. */
async function untilHealthy(api: Api, { timeoutMs, report }: RestoreOptions): Promise<void> {
  const asked = Date.now();
  let begun = false;
  for (;;) {
    const status = await projectStatus(api, sharedProject.ref);
    report(`  ${status}`);
    begun ||= status !== 'ACTIVE_HEALTHY';
    const waited = Date.now() - asked;
    if (status === 'ACTIVE_HEALTHY' && (begun || waited > Math.min(60_000, timeoutMs / 4))) return;
    if (waited > timeoutMs) throw new Error(`The project is still ${status}. Watch it in the dashboard.`);
    await sleep(Math.min(10_000, Math.max(200, timeoutMs / 60)));
  }
}
