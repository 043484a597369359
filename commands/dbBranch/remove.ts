import { ServiceError, type Api } from '../../services/door/http.ts';
import { deleteBranch, listBranches, type DatabaseBranch } from '../../services/supabase/management.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { confirm } from '../../cli/confirm.ts';
import { findBranch, nothing, type Act } from './act.ts';
import { forgetBranch } from './cache.ts';
import { branchTable, integrationOf } from './shown.ts';
import { thisWill } from '../../cli/dryRun.ts';

/** Deletes one branch with its database, after its name was typed. */
export async function remove(api: Api, name: string, act: Act): Promise<number> {
  const branch = await findBranch(api, act.ref, name);
  if (branch.isDefault)
    throw new Error(`${name} is the project itself${act.isShared ? ', which PRODUCTION uses' : ''}. Nothing was done.`);
  const integration = integrationOf(branch);
  act.report(
    `${thisWill(act.dryRun)} delete the branch ${branch.name} (${branch.ref}) and everything in its database.`,
  );
  if (integration !== undefined && !act.integration) {
    throw new Error(
      `It was ${integration}, which deletes it when the pull request ends. To delete it now, add --integration. Nothing was done.`,
    );
  }
  if (act.dryRun || !(await confirm('Delete it?', { yes: act.yes, expected: name }))) return nothing(act);
  await deleteForGood(api, act.ref, branch, act.report);
  act.print(`Deleted ${branch.name}.\n`, { deleted: branch });
  return exitCode.fine;
}

/** What is to be cleaned up. */
export interface Cleanup {
  /** Older than so many days; any age when `undefined`. */
  readonly maxAgeDays: number | undefined;
  readonly pattern: RegExp | undefined;
}

/**
 * Deletes branches that nobody uses any more. Never the project itself and no persistent branch; those of Supabase's
 * GitHub integration are listed, and deleted only when that was asked for.
 */
export async function cleanup(api: Api, { maxAgeDays, pattern }: Cleanup, act: Act): Promise<number> {
  const branches = await listBranches(api, act.ref);
  const matching = branches.filter(
    (branch) =>
      !branch.isDefault &&
      !branch.persistent &&
      (maxAgeDays === undefined || Date.now() - Date.parse(branch.createdAt) > maxAgeDays * 24 * 3600_000) &&
      (pattern === undefined || pattern.test(branch.name)),
  );
  const kept = act.integration ? [] : matching.filter((branch) => integrationOf(branch) !== undefined);
  const chosen = matching.filter((branch) => !kept.includes(branch));
  if (kept.length > 0) {
    act.report(
      `Kept, for Supabase deletes them with their pull request (--integration deletes them too):\n${lines(kept)}`,
    );
  }
  if (chosen.length === 0) {
    act.print('No branch is to be cleaned up.\n', { deleted: [], kept });
    return exitCode.fine;
  }
  act.report(`${thisWill(act.dryRun)} delete these branches and everything in their databases:\n${lines(chosen)}`);
  if (act.dryRun) {
    act.print('Nothing was done (--dry-run).\n', { dryRun: true, would: chosen, kept });
    return exitCode.fine;
  }
  if (!(await confirm('Delete them?', act))) return nothing(act);
  const deleted: DatabaseBranch[] = [];
  const failed: string[] = [];
  for (const branch of chosen) {
    try {
      await deleteForGood(api, act.ref, branch, act.report);
      deleted.push(branch);
      act.report(`Deleted ${branch.name}.`);
    } catch (error) {
      failed.push(branch.name);
      act.report(`${branch.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const rest = failed.length === 0 ? '' : ` Not deleted: ${failed.join(', ')}. Run it again.`;
  act.print(`Deleted: ${deleted.map(({ name }) => name).join(', ') || 'none'}.${rest}\n`, { deleted, failed, kept });
  return failed.length === 0 ? exitCode.fine : exitCode.error;
}

function lines(branches: readonly DatabaseBranch[]): string {
  return branchTable(branches).trimEnd();
}

/** Deletes a branch; an answer that got lost is settled by looking whether it is gone. */
async function deleteForGood(
  api: Api,
  parent: string,
  branch: DatabaseBranch,
  report: (line: string) => void,
): Promise<void> {
  try {
    await deleteBranch(api, branch.ref);
  } catch (error) {
    if (!(error instanceof ServiceError) || (error.status >= 400 && error.status < 500 && error.status !== 404))
      throw error;
    report(`${error.message} Checking whether it is gone …`);
  }
  if ((await listBranches(api, parent)).some(({ ref }) => ref === branch.ref)) {
    throw new Error(`The branch ${branch.name} is still there. Run it again.`);
  }
  forgetBranch(branch.name);
}

/** `--max-age` and `--pattern` as they were typed. A pattern alone means any age. */
export function cleanupOf(maxAge: number | undefined, pattern: string | undefined): Cleanup {
  const days = maxAge ?? (pattern === undefined ? 7 : undefined);
  try {
    return { maxAgeDays: days, pattern: pattern === undefined ? undefined : new RegExp(pattern) };
  } catch {
    throw new UsageError('--pattern is no regular expression, such as ^feature-.');
  }
}
