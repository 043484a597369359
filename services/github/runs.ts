import { z } from 'zod';
import { ofRepository, type RepositoryName } from './github.ts';
import { github, githubWrite } from './route.ts';
import type { Api } from '../door/http.ts';

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

const runAnswer = z
  .object({
    id: z.number(),
    run_attempt: z.number().default(1),
    head_branch: z.string().nullable(),
    head_sha: z.string(),
    event: z.string(),
    status: z.string().nullable(),
    conclusion: z.string().nullable(),
    html_url: z.string(),
    created_at: z.string(),
  })
  .transform((answer): WorkflowRun => ({
    id: answer.id,
    attempt: answer.run_attempt,
    branch: answer.head_branch ?? '',
    sha: answer.head_sha,
    event: answer.event,
    status: answer.status ?? '',
    conclusion: answer.conclusion,
    url: answer.html_url,
    createdAt: answer.created_at,
  }));
const runs = z.object({ workflow_runs: z.array(runAnswer) });
const jobs = z.object({ jobs: z.array(z.object({ name: z.string() })) });

/** The runs of a workflow that pushes to a branch started, the newest first; of one commit when `sha` is given. */
export async function listRuns(
  api: Api,
  name: RepositoryName,
  { workflow, branch, sha }: { readonly workflow: string; readonly branch: string; readonly sha?: string },
): Promise<WorkflowRun[]> {
  const { data } = await github(
    api,
    'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs',
    {
      ...ofRepository(name),
      workflow_id: workflow,
      branch,
      event: 'push',
      per_page: 20,
      ...(sha !== undefined && { head_sha: sha }),
    },
    runs,
  );
  return data.workflow_runs;
}

/** Throws where the token does not see the repository's runs at all: GitHub answers 404 for that, as for a missing workflow. */
export async function requireRuns(api: Api, name: RepositoryName): Promise<void> {
  await github(api, 'GET /repos/{owner}/{repo}/actions/runs', { ...ofRepository(name), per_page: 1 });
}

/** The names of a run's jobs in its latest attempt; a job that waits for another may not be there yet. */
export async function jobNames(api: Api, name: RepositoryName, run: number): Promise<string[]> {
  const parameters = { ...ofRepository(name), run_id: run, per_page: 100 };
  const { data } = await github(api, 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', parameters, jobs);
  return data.jobs.map((job) => job.name);
}

/** One run, as it is now. */
export async function readRun(api: Api, name: RepositoryName, id: number): Promise<WorkflowRun> {
  const parameters = { ...ofRepository(name), run_id: id };
  return (await github(api, 'GET /repos/{owner}/{repo}/actions/runs/{run_id}', parameters, runAnswer)).data;
}

/** Runs all jobs of a run again, or only those that failed and what depends on them. */
export async function rerun(api: Api, name: RepositoryName, id: number, onlyFailed: boolean): Promise<void> {
  const audit = { action: 'rerun', writes: [{ place: 'run', name: String(id) }] };
  const route = onlyFailed
    ? 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs'
    : 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun';
  await githubWrite(api, audit, route, { ...ofRepository(name), run_id: id });
}
