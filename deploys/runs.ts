import { orMissing, type RepositoryName } from '../services/github/github.ts';
import { jobNames, listRuns, requireRuns, type WorkflowRun } from '../services/github/runs.ts';
import type { Api } from '../services/door/http.ts';
import { ownWorkflowFile, sharedWorkflowFiles } from '../settings/names/deployWorkflows.ts';
import { requiredCheck } from '../settings/names/requiredCheck.ts';

/** The files that may hold the deploy job, the one that holds nothing else first. */
export const deployWorkflows = [ownWorkflowFile, ...sharedWorkflowFiles] as const;

/** That the job never ran, and where it was searched; without a full stop. */
export function noDeployRun(branch: string): string {
  return `The deploy job never ran for a push to ${branch} (searched: ${deployWorkflows.join(', ')})`;
}

/** That GitHub keeps no run of the job for a commit, and where it was searched; without an end. */
export function noRunFor(sha: string): string {
  return `GitHub has no run of the deploy job (${deployWorkflows.join(', ')}) for ${sha}`;
}

/**
 * The deploy job's runs for pushes to a branch, the newest first; of one commit when `sha` is given. They are of its own
 * workflow where that has any, else of `ci.yml`: runs from before the job moved are still found by their commit.
 */
export async function deployRuns(
  api: Api,
  name: RepositoryName,
  which: { readonly branch: string; readonly sha?: string },
): Promise<WorkflowRun[]> {
  let isSeen = false;
  for (const workflow of deployWorkflows) {
    const found = await orMissing(listRuns(api, name, { workflow, ...which }));
    isSeen ||= found !== undefined;
    const runs = found ?? [];
    if (workflow === ownWorkflowFile ? runs.length > 0 : await someDeploys(api, name, runs)) return runs;
  }
  // A repository that the token may not see answers 404 as well: then it is not known whether the job ever ran.
  if (!isSeen) await requireRuns(api, name);
  return [];
}

/** Whether a workflow of that name deploys: a `ci.yml` is in most repositories, and need not have the job. */
async function someDeploys(api: Api, name: RepositoryName, runs: readonly WorkflowRun[]): Promise<boolean> {
  for (const { id } of runs) {
    const jobs = await jobNames(api, name, id);
    if (jobs.some((job) => job === requiredCheck || job.startsWith(`${requiredCheck} `))) return true;
  }
  return false;
}
