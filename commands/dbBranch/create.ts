import { ServiceError, type Api } from '../../services/door/http.ts';
import { createBranch, listBranches, type DatabaseBranch } from '../../services/supabase/management.ts';
import { exitCode } from '../../cli/errors.ts';
import { confirm } from '../../cli/confirm.ts';
import { confirmSharedProject } from '../../cli/sharedProject.ts';
import { nothing, type Act } from './act.ts';
import { branchLines, rememberBranch } from './cache.ts';
import { connectionFacts } from './shown.ts';
import { BranchUnhealthy, waitForBranch } from './wait.ts';
import { thisWill } from '../../cli/dryRun.ts';
import { requireUsable } from '../../services/supabase/projectState.ts';

/** Supabase's own name for the project among its branches; it is not listed before there is another branch. */
const defaultBranch = 'main';

/** Makes a branch, or takes the one of that name, waits until it is healthy, and says how to reach it. */
export async function create(api: Api, name: string, act: Act & { readonly withData: boolean }): Promise<number> {
  const { print, report, withData, ref } = act;
  const there = (await listBranches(api, ref)).find((branch) => branch.name === name);
  if (there?.isDefault || name === defaultBranch) {
    throw new Error(
      `${name} is the project itself${act.isShared ? ', which PRODUCTION uses' : ''}. Take another name. Nothing was done.`,
    );
  }
  if (!there) await requireUsable(api, ref);
  report(
    `${thisWill(act.dryRun)} make the branch ${name} of ${ref}${withData ? ` with a copy of ${act.isShared ? 'PRODUCTION’s' : 'its'} data` : ' without data'}. A branch costs money while it exists.`,
  );
  if (there) report(`It is there already (${there.ref}); waiting for it instead.`);
  if (act.dryRun || (!there && !(await agreed(act)))) return nothing(act);
  const branch = there ?? (await make(api, ref, name, withData));
  // Kept before it is healthy: who deletes a branch that failed looks it up here, too.
  rememberBranch(branch);
  try {
    const connection = await waitForBranch(api, ref, branch.ref, act);
    print(`The branch ${name} is healthy.\n${connectionFacts(connection)}${branchLines(branch)}`, {
      ...branch,
      connection,
    });
    return exitCode.fine;
  } catch (error) {
    if (!(error instanceof BranchUnhealthy)) throw error;
    print(`${error.message}\n`, { ...branch, problem: error.message });
    return exitCode.findings;
  }
}

/** A job of GitHub Actions has nobody to ask, and a branch without data harms nothing: its call is the consent. */
function agreed(act: Act & { readonly withData: boolean }): Promise<boolean> {
  if (act.withData) return confirmSharedProject('Type the project’s reference to copy its data:', act);
  return confirm('Make it?', { yes: act.yes || process.env.GITHUB_ACTIONS === 'true' });
}

/** A create whose answer got lost may have happened: a branch of that name is looked for before anything is said. */
async function make(api: Api, ref: string, name: string, withData: boolean): Promise<DatabaseBranch> {
  try {
    return await createBranch(api, ref, name, withData);
  } catch (error) {
    if (error instanceof ServiceError && error.status >= 400 && error.status < 500 && error.status !== 409) throw error;
    const made = (await listBranches(api, ref)).find((branch) => branch.name === name);
    if (made) return made;
    throw error;
  }
}
