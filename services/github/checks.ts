import { z } from 'zod';
import { newestFirst } from '../../machine/times.ts';
import { ofRepository, orMissing, type RepositoryName } from './github.ts';
import { github } from './route.ts';
import { jobNames } from './runs.ts';
import { ServiceError, type Api } from '../door/http.ts';

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

const checkRuns = z.object({
  check_runs: z.array(
    z
      .object({
        id: z.number(),
        status: z.string(),
        conclusion: z.string().nullable(),
        started_at: z.string().nullable(),
        completed_at: z.string().nullable(),
        html_url: z.string().nullish(),
        app: z.object({ id: z.number() }).nullish(),
      })
      .transform((run): LiveCheck => ({
        id: run.id,
        appId: run.app?.id,
        status: run.status,
        conclusion: run.conclusion,
        at: run.completed_at ?? run.started_at ?? undefined,
        url: run.html_url ?? undefined,
      })),
  ),
});

/** The latest report of a check at the head of a branch, by whatever app; `undefined` when it never reported there. */
export async function latestCheck(
  api: Api,
  name: RepositoryName,
  branch: string,
  check: string,
): Promise<LiveCheck | undefined> {
  const answer = await github(
    api,
    'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    { ...ofRepository(name), ref: branch, check_name: check, filter: 'latest', per_page: 10 },
    checkRuns,
  ).catch((error: unknown) => {
    // 422: there is no such branch.
    if (error instanceof ServiceError && (error.status === 404 || error.status === 422)) return undefined;
    throw error;
  });
  return answer?.data.check_runs.sort((a, b) => newestFirst(a.at, b.at))[0];
}

const annotations = z.array(z.object({ title: z.string().nullable() }));

/** The titles of a check run's annotations: what a job said of its failure. */
export async function annotationTitles(api: Api, name: RepositoryName, id: number): Promise<string[]> {
  const parameters = { ...ofRepository(name), check_run_id: id, per_page: 100 };
  const route = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations';
  const { data } = await github(api, route, parameters, annotations);
  return data.flatMap(({ title }) => (title ? [title] : []));
}

const runs = z.object({ workflow_runs: z.array(z.object({ id: z.number() })) });

/** The names of the jobs in the latest finished run for a pull request; `undefined` when there is no such run. */
export async function pullRequestJobs(api: Api, name: RepositoryName): Promise<readonly string[] | undefined> {
  const query = { event: 'pull_request', status: 'completed', per_page: 1 } as const;
  const parameters = { ...ofRepository(name), ...query };
  const answer = await orMissing(github(api, 'GET /repos/{owner}/{repo}/actions/runs', parameters, runs));
  const [latest] = answer?.data.workflow_runs ?? [];
  if (!latest) return undefined;
  return jobNames(api, name, latest.id);
}

const branchAnswer = z.object({ commit: z.object({ sha: z.string() }) });

/** The head of a branch; `undefined` when the repository can be seen and has no such branch. */
export async function readBranch(
  api: Api,
  name: RepositoryName,
  branch: string,
): Promise<{ readonly sha: string } | undefined> {
  const answer = await orMissing(branchHead(api, name, branch));
  // GitHub says 404, too, of a repository that the token may not see.
  if (!answer) await github(api, 'GET /repos/{owner}/{repo}', ofRepository(name));
  return answer === undefined ? undefined : { sha: answer };
}

/** The commit that a branch stands at. */
export async function branchHead(api: Api, name: RepositoryName, branch: string): Promise<string> {
  const parameters = { ...ofRepository(name), branch };
  const { data } = await github(api, 'GET /repos/{owner}/{repo}/branches/{branch}', parameters, branchAnswer);
  return data.commit.sha;
}
