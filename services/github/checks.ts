import { orMissing, repositoryPath, type RepositoryName } from './github.ts';
import { jobNames } from './runs.ts';
import { call, ServiceError, type Api } from '../door/http.ts';
import { newestFirst } from '../../machine/times.ts';

/** The latest report of a check. */
export interface LiveCheck {
  readonly id: number;
  readonly appId: number | undefined;
  readonly status: string;
  readonly conclusion: string | null;
  /** ISO 8601; when it ended, or else began. */
  readonly at: string | undefined;
  readonly url: string | undefined;
}

/** The latest report of a check at the head of a branch, by whatever app; `undefined` when it never reported there. */
export async function latestCheck(
  api: Api,
  name: RepositoryName,
  branch: string,
  check: string,
): Promise<LiveCheck | undefined> {
  const answer = await call(api, {
    path: `${repositoryPath(name)}/commits/${encodeURIComponent(branch)}/check-runs`,
    query: { check_name: check, filter: 'latest', per_page: '10' },
  }).catch((error: unknown) => {
    // 422: there is no such branch.
    if (error instanceof ServiceError && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  });
  const { check_runs: runs = [] } = (answer?.json ?? {}) as { check_runs?: readonly CheckRunAnswer[] };
  const latest = runs
    .map((run) => ({
      id: run.id,
      appId: run.app?.id,
      status: run.status,
      conclusion: run.conclusion,
      at: run.completed_at ?? run.started_at ?? undefined,
      url: run.html_url,
    }))
    .sort((a, b) => newestFirst(a.at, b.at));
  return latest[0];
}

interface CheckRunAnswer {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly html_url?: string;
  readonly app?: { readonly id: number } | null;
}

/** The titles of a check run's annotations: what a job said of its failure. */
export async function annotationTitles(api: Api, name: RepositoryName, id: number): Promise<string[]> {
  const { json } = await call(api, {
    path: `${repositoryPath(name)}/check-runs/${id}/annotations`,
    query: { per_page: '100' },
  });
  return (json as readonly { readonly title?: string | null }[]).flatMap(({ title }) => (title ? [title] : []));
}

/** The names of the jobs in the latest finished run for a pull request; `undefined` when there is no such run. */
export async function pullRequestJobs(api: Api, name: RepositoryName): Promise<readonly string[] | undefined> {
  const base = repositoryPath(name);
  const runs = await orMissing(
    call(api, {
      path: `${base}/actions/runs`,
      query: { event: 'pull_request', status: 'completed', per_page: '1' },
    }),
  );
  const { workflow_runs: list = [] } = (runs?.json ?? {}) as { workflow_runs?: readonly { readonly id: number }[] };
  const [latest] = list;
  if (!latest) return undefined;
  return jobNames(api, name, latest.id);
}

/** The head of a branch; `undefined` when the repository can be seen and has no such branch. */
export async function readBranch(
  api: Api,
  name: RepositoryName,
  branch: string,
): Promise<{ readonly sha: string } | undefined> {
  const answer = await orMissing(call(api, { path: `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}` }));
  // GitHub says 404, too, of a repository that the token may not see.
  if (!answer) await call(api, { path: repositoryPath(name) });
  return answer && { sha: (answer.json as { commit?: { sha?: string } }).commit?.sha ?? '' };
}
