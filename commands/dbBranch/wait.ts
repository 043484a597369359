import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../../services/door/http.ts';
import { listBranches, readConnection, type BranchConnection } from '../../services/supabase/management.ts';
import { whyNotWaiting } from '../../services/supabase/projectState.ts';

/** The branch did not become healthy. */
export class BranchUnhealthy extends Error {
  override readonly name = 'BranchUnhealthy';
}

/** Waits until the branch's database is up and its migrations are applied; a state that does not pass ends it at once. */
export async function waitForBranch(
  api: Api,
  project: string,
  ref: string,
  { timeoutMs, report }: { readonly timeoutMs: number; readonly report: (line: string) => void },
): Promise<BranchConnection> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  for (;;) {
    const connection = await readConnection(api, ref);
    const branch = (await listBranches(api, project)).find((one) => one.ref === ref);
    const state = `${connection.status}, ${branch?.status ?? 'no longer listed'}`;
    if (state !== last) report(`  ${ref}: ${state}`);
    last = state;
    const stopped = whyNotWaiting(connection.status);
    if (stopped !== undefined) throw new BranchUnhealthy(`The branch is ${state}: ${stopped}.`);
    if (!branch || branch.status.endsWith('_FAILED')) {
      throw new BranchUnhealthy(`The branch is ${state}. See its log in the dashboard, then delete it.`);
    }
    const applied = branch.status === 'MIGRATIONS_PASSED' || branch.status === 'FUNCTIONS_DEPLOYED';
    if (connection.status === 'ACTIVE_HEALTHY' && applied) return connection;
    if (Date.now() >= deadline) {
      throw new BranchUnhealthy(`The branch is still ${state} after ${Math.round(timeoutMs / 1000)} s.`);
    }
    await sleep(Math.min(5000, Math.max(200, timeoutMs / 60)));
  }
}
