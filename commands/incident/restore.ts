import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError, type Api } from '../../services/door/http.ts';
import { managementApi, projectStatus, readBackups, restoreTo } from '../../services/supabase/management.ts';
import { whyNotWaiting } from '../../services/supabase/projectState.ts';
import { UsageError } from '../../cli/errors.ts';
import { confirm } from '../../cli/confirm.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { isMoment, isoMoment, momentOf } from '../../incidents/moment.ts';
import { counted } from '../../machine/counted.ts';

export interface RestoreOptions {
  readonly to: string | undefined;
  readonly confirmTo: string | undefined;
  readonly yes: boolean;
  readonly project: string | undefined;
  /** The reference of the project that is restored. */
  readonly ref: string;
  /** Whether production uses it too. */
  readonly isShared: boolean;
  readonly dryRun: boolean;
  readonly timeoutMs: number;
  readonly report: (line: string) => void;
  /** The restore that this incident has asked for already: it is waited for, and not asked for a second time. */
  readonly asked: { readonly to: string; readonly at: string } | undefined;
  /** What the kill switch will be after a restore to that moment: said before anybody agrees. */
  readonly forecast: (to: Date) => Promise<string>;
  /** Keeps in the record that Supabase was asked. */
  readonly keepAsked: (asked: { readonly to: string; readonly at: string }) => void;
}

const iso = (seconds: number | undefined) => (seconds === undefined ? 'unknown' : isoMoment(seconds));

/**
 * Lists what the shared project could be restored to, and with `--to` restores it: behind two confirmations, the
 * moment and the project's reference, for everything after that moment is gone, production's too.
 * False when nothing was done.
 */
export async function restoreProject(options: RestoreOptions): Promise<boolean> {
  const { report, ref } = options;
  const api = managementApi();
  const backups = await readBackups(api, ref);
  report(
    backups.pitr
      ? `Point-in-time recovery: from ${iso(backups.earliest)} to ${iso(backups.latest)}.`
      : 'No point-in-time recovery. Daily backups are restored in the dashboard: Database → Backups.',
  );
  for (const { at, status } of backups.daily) report(`  daily backup ${at} ${status}`);
  if (options.to === undefined) return false;
  const seconds = momentOf('--to', options.to);
  if (!backups.pitr || seconds < (backups.earliest ?? Infinity) || seconds > (backups.latest ?? -Infinity)) {
    throw new Error(`${iso(seconds)} is outside of what can be restored. Nothing was done.`);
  }
  const target = iso(seconds);
  const lost = Math.round((Date.now() / 1000 - seconds) / 60);
  if (options.asked !== undefined && Date.parse(options.asked.to) === seconds * 1000) {
    report(
      `The restore to ${target} was asked for at ${options.asked.at} and is not asked for again: waiting for it. ` +
        'To lose what was written since and restore once more: --again.',
    );
    if (options.dryRun) return false;
    await untilHealthy(api, options, true);
    return true;
  }
  report(
    `DANGER: this ${options.dryRun ? 'would set' : 'sets'} ${ref} back to ${target}. ${options.isShared ? 'PRODUCTION uses this project: everything' : 'Everything'} that anybody ` +
      `wrote in the ${counted(lost, 'minute')} since then is LOST, and the database is down while it is restored.`,
  );
  report(await options.forecast(new Date(seconds * 1000)));
  if (options.dryRun) return false;
  if (options.yes && (options.confirmTo === undefined || momentOf('--confirm-to', options.confirmTo) !== seconds)) {
    throw new UsageError(`Nothing was done. With --yes the moment is given twice: --confirm-to ${target}`);
  }
  if (
    !(await confirm(`Type the moment to restore to, ${target}:`, {
      yes: options.yes,
      expected: target,
      means: (answer) => isMoment(answer, seconds),
    }))
  )
    return false;
  if (!(await confirmSharedProject('Type the project’s reference to restore it:', options))) return false;
  const status = await projectStatus(api, ref);
  const stopped = whyNotWaiting(status);
  if (stopped !== undefined) throw new Error(`The project is ${status}: ${stopped}. Nothing was done.`);
  if (status === restoring) {
    report('A restore is under way already; waiting for that one.');
  } else {
    await begin(api, ref, seconds);
    report('Supabase restores …');
  }
  options.keepAsked({ to: target, at: new Date().toISOString() });
  await untilHealthy(api, options, false);
  return true;
}

const restoring = 'RESTORING';

/** Asks for it once. A lost answer does not say whether it was heard: the project's status does. */
async function begin(api: Api, ref: string, seconds: number): Promise<void> {
  try {
    await restoreTo(api, ref, seconds);
  } catch (error) {
    const heard = error instanceof ServiceError && (error.status === 0 || error.status >= 500);
    if (!heard || (await projectStatus(api, ref)) !== restoring) throw error;
  }
}

/**
 * Waits until the project is healthy again. One that never stopped being healthy was not seen to be restored, unless the
 * restore was asked for by an earlier run. A state that does not pass by itself
 * ends it at once, with its cause. A request that fails is tried again: a project that is down answers badly.
 */
async function untilHealthy(api: Api, { ref, timeoutMs, report }: RestoreOptions, earlier: boolean): Promise<void> {
  const since = Date.now();
  let begun = earlier;
  for (;;) {
    const status = await projectStatus(api, ref).catch(unseen);
    report(`  ${status}`);
    const stopped = whyNotWaiting(status);
    if (stopped !== undefined) throw new Error(`The project is ${status}: ${stopped}.`);
    begun ||= status === restoring;
    const waited = Date.now() - since;
    if (begun && status === 'ACTIVE_HEALTHY') return;
    if (!begun && waited > Math.min(60_000, timeoutMs / 4))
      throw new Error(
        'Supabase took the request, but the project was never seen restoring. See the dashboard; once it is over, run this again: it only goes on.',
      );
    if (waited > timeoutMs)
      throw new Error(`The project is still ${status}. Watch it in the dashboard, then run this again.`);
    await sleep(Math.min(10_000, Math.max(200, timeoutMs / 60)));
  }
}

function unseen(error: unknown): string {
  if (error instanceof ServiceError && (error.status === 0 || error.status >= 500)) return 'no answer';
  throw error;
}
