import { repositoryPath, type RepositoryName } from './github.ts';
import { call, type Api } from '../door/http.ts';

/** A run of a workflow on GitHub Actions. */
export interface WorkflowRun {
  readonly id: number;
  readonly attempt: number;
  readonly branch: string;
  readonly sha: string;
  readonly event: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly url: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

interface RunAnswer {
  readonly id: number;
  readonly run_attempt?: number;
  readonly head_branch: string | null;
  readonly head_sha: string;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly html_url: string;
  readonly created_at: string;
}

function workflowRun(answer: RunAnswer): WorkflowRun {
  return {
    id: answer.id,
    attempt: answer.run_attempt ?? 1,
    branch: answer.head_branch ?? '',
    sha: answer.head_sha,
    event: answer.event,
    status: answer.status ?? '',
    conclusion: answer.conclusion,
    url: answer.html_url,
    createdAt: answer.created_at,
  };
}

/** The runs of a workflow that pushes to a branch started, the newest first; of one commit when `sha` is given. */
export async function listRuns(
  api: Api,
  name: RepositoryName,
  { workflow, branch, sha }: { readonly workflow: string; readonly branch: string; readonly sha?: string },
): Promise<WorkflowRun[]> {
  const { json } = await call(api, {
    path: `${repositoryPath(name)}/actions/workflows/${encodeURIComponent(workflow)}/runs`,
    query: { branch, event: 'push', per_page: '20', ...(sha !== undefined && { head_sha: sha }) },
  });
  return (json as { workflow_runs: readonly RunAnswer[] }).workflow_runs.map(workflowRun);
}

/** Throws where the token does not see the repository's runs at all: GitHub answers 404 for that, as for a missing workflow. */
export async function requireRuns(api: Api, name: RepositoryName): Promise<void> {
  await call(api, { path: `${repositoryPath(name)}/actions/runs`, query: { per_page: '1' } });
}

/** The names of a run's jobs in its latest attempt; a job that waits for another may not be there yet. */
export async function jobNames(api: Api, name: RepositoryName, run: number): Promise<string[]> {
  const { json } = await call(api, {
    path: `${repositoryPath(name)}/actions/runs/${run}/jobs`,
    query: { per_page: '100' },
  });
  return ((json as { readonly jobs?: readonly { readonly name: string }[] }).jobs ?? []).map((job) => job.name);
}

/** One run, as it is now. */
export async function readRun(api: Api, name: RepositoryName, id: number): Promise<WorkflowRun> {
  return workflowRun((await call(api, { path: `${repositoryPath(name)}/actions/runs/${id}` })).json as RunAnswer);
}

/** Runs all jobs of a run again, or only those that failed and what depends on them. */
export async function rerun(api: Api, name: RepositoryName, id: number, onlyFailed: boolean): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `${repositoryPath(name)}/actions/runs/${id}/${onlyFailed ? 'rerun-failed-jobs' : 'rerun'}`,
    audit: { action: 'rerun', writes: [{ place: 'run', name: String(id) }] },
  });
}
