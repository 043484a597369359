import { repositoryPath, type RepositoryName } from './github.ts';
import { call, type Api } from '../door/http.ts';

/** What GitHub recorded of a deploy to an environment. */
export interface RecordedDeploy {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  /** ISO 8601. */
  readonly at: string;
  /** Whether the smoke test of this deploy passed: its last word that is not mere succession by a newer deploy. */
  readonly outcome: 'passed' | 'failed' | 'unknown';
  /** The deploy's own address, as the status recorded it. */
  readonly url: string;
  readonly logUrl: string;
}

interface StatusAnswer {
  readonly state: string;
  readonly environment_url?: string;
  readonly log_url?: string;
  readonly target_url?: string;
  readonly created_at: string;
}

/** The recorded deploys of an environment, the newest first. The deploy job reports `success` after its smoke test. */
export async function listRecordedDeploys(
  api: Api,
  name: RepositoryName,
  environment: string,
  count = 20,
): Promise<RecordedDeploy[]> {
  const { json } = await call(api, {
    path: `${repositoryPath(name)}/deployments`,
    query: { environment, per_page: String(count) },
  });
  const deployments = json as readonly { id: number; sha: string; ref: string; created_at: string }[];
  return Promise.all(
    deployments.map(async ({ id, sha, ref, created_at: at }) => {
      const answer = await call(api, {
        path: `${repositoryPath(name)}/deployments/${id}/statuses`,
        query: { per_page: '100' },
      });
      const statuses = answer.json as readonly StatusAnswer[]; // the newest first
      const word = statuses.find(({ state }) => state === 'success' || state === 'failure' || state === 'error');
      const outcome = word === undefined ? 'unknown' : word.state === 'success' ? 'passed' : 'failed';
      const url = statuses.find(({ environment_url: address }) => address)?.environment_url ?? '';
      return { id, sha, ref, at, outcome, url, logUrl: word?.log_url ?? word?.target_url ?? '' } as const;
    }),
  );
}

/** The commit that a branch stands at. */
export async function branchHead(api: Api, name: RepositoryName, branch: string): Promise<string> {
  const { json } = await call(api, { path: `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}` });
  return (json as { readonly commit: { readonly sha: string } }).commit.sha;
}

/** Records a deploy that this project made itself, as the deploy job's environment does. */
export async function recordDeploy(
  api: Api,
  name: RepositoryName,
  deploy: {
    readonly ref: string;
    readonly environment: string;
    readonly url: string;
    readonly passed: boolean;
    readonly description: string;
  },
): Promise<void> {
  const audit = { action: 'record', writes: [{ place: 'deployment', name: deploy.ref, in: deploy.environment }] };
  const { json } = await call(api, {
    method: 'POST',
    path: `${repositoryPath(name)}/deployments`,
    body: {
      ref: deploy.ref,
      environment: deploy.environment,
      auto_merge: false,
      required_contexts: [],
      production_environment: false,
      description: deploy.description,
    },
    audit,
  });
  await call(api, {
    method: 'POST',
    path: `${repositoryPath(name)}/deployments/${(json as { id: number }).id}/statuses`,
    body: {
      state: deploy.passed ? 'success' : 'failure',
      environment_url: deploy.url,
      description: deploy.description,
    },
    audit,
  });
}
