import { setTimeout as sleep } from 'node:timers/promises';
import type { StagingServices } from '../../deploys/stagingServices.ts';
import { emergencyCommand, levelOneCommand } from '../../killSwitch/next.ts';
import { openDatabase } from '../../killSwitch/access.ts';
import { readTable, writeTable, type TableSwitch } from '../../killSwitch/table.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** The kill switch's row before a restore; `unknown` when it could not be read. */
export type RowBefore = TableSwitch | 'missing' | 'unknown';

/** Reads the row, for what a restore will make of it. */
export async function rowBefore(staging: StagingServices): Promise<RowBefore> {
  try {
    return (await readTable(await openDatabase(staging.settings))) ?? 'missing';
  } catch {
    return 'unknown';
  }
}

/** What the kill switch's row will be after a restore to a moment, as far as it is known before. */
export function forecast(row: RowBefore, to: Date, { isShared }: StagingServices['project']): string {
  const back = `The kill switch’s row is set back too${isShared ? ', for staging and PRODUCTION' : ''}.`;
  if (row === 'unknown') return `${back} What it is now cannot be read, so nobody knows what it will be then.`;
  if (row === 'missing') return `${back} There is no row now. Where there was one at that moment, it decides again.`;
  const word = row.disabled ? 'thrown' : 'off';
  if (new Date(row.at) <= to) return `${back} It is ${word} since ${row.at}, before that moment: it will be the same.`;
  return row.disabled
    ? `${back} It was thrown at ${row.at}, after that moment: the restore lets the AGENTS ACT AGAIN. It is thrown again right after. ` +
        `To leave no gap, throw the level that no restore sets back first: ${forStack('npm run kill-switch -- off --emergency --reason TEXT')}`
    : `${back} It was switched off at ${row.at}, after that moment: agents may be stopped again.`;
}

function productionToo({ project }: StagingServices): string {
  return project.isShared ? ", production's as well" : '';
}

/** What became of the row: what to say, and whether agents act although they were stopped, or may have been. */
export interface AgentsAfter {
  readonly text: string;
  readonly actAgain: boolean;
  /** Whether the row was thrown again now. */
  readonly thrownAgain: boolean;
}

/** What a restore that was asked for and not seen to its end means for agents that were stopped, or may have been. */
export function cutShort(before: RowBefore, staging: StagingServices): string {
  const wasOff = before === 'missing' || (before !== 'unknown' && !before.disabled);
  if (wasOff) return '';
  const was =
    before === 'unknown' ? 'Nobody knows whether the kill switch’s row was thrown' : 'The kill switch’s row was thrown';
  return `${was}, and the restore may set it back: AGENTS MAY ACT AGAIN${productionToo(staging)}. The level that no restore sets back: ${emergencyCommand('off', staging)}`;
}

/**
 * Reads the row after a restore, and throws it again where it was thrown before. What cannot be read or written is
 * reported as AGENTS ACT AGAIN, with the level that works without the row: silence proves nothing. `after` is what may
 * have set it back: the restore, or the migrations that followed it. A database that comes up answers badly at first.
 */
export async function settleAgents(
  staging: StagingServices,
  before: RowBefore,
  by: string,
  waitMs: number,
  after = 'The restore',
): Promise<AgentsAfter> {
  const alarm = (why: string, command: string) => ({
    text: `AGENTS ACT AGAIN${productionToo(staging)}, unless the other level stops them: ${why} Stop them now: ${command}`,
    actAgain: true,
    thrownAgain: false,
  });
  const wasThrown = before !== 'unknown' && before !== 'missing' && before.disabled;
  try {
    const database = await openDatabase(staging.settings);
    const now = await patiently(() => readTable(database), waitMs);
    if (now?.disabled === true) {
      return { text: `The kill switch’s row is thrown (since ${now.at}).`, actAgain: false, thrownAgain: false };
    }
    if (wasThrown) {
      const reason = `thrown again after a restore; before: ${before.reason ?? 'no reason given'}`;
      const again = await writeTable(database, { disabled: true, reason, by });
      return {
        text: `${after} had switched the kill switch’s row off. It is thrown again, and read back (${again.at}).`,
        actAgain: false,
        thrownAgain: true,
      };
    }
    if (before === 'unknown')
      return alarm('whether they were stopped before the restore could not be read.', levelOneCommand('off', staging));
    return {
      text: 'The kill switch’s row is off, as it was before the restore: agents may act.',
      actAgain: false,
      thrownAgain: false,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return alarm(
      `the row could not be ${wasThrown ? 'thrown again' : 'read'} (${reason}).`,
      emergencyCommand('off', staging),
    );
  }
}

async function patiently<Result>(work: () => Promise<Result>, waitMs: number): Promise<Result> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await sleep(Math.min(2_000, Math.max(100, waitMs / 10)));
    }
  }
}
