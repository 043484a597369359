import { z } from 'zod';
import { ofRepository, type RepositoryName } from './github.ts';
import { github, githubWrite } from './route.ts';
import type { Api } from '../door/http.ts';

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

const deployments = z.array(z.object({ id: z.number(), sha: z.string(), ref: z.string(), created_at: z.string() }));

const statuses = z.array(
  z.object({
    state: z.string(),
    environment_url: z.string().optional(),
    log_url: z.string().optional(),
    target_url: z.string().optional(),
  }),
);

/** The recorded deploys of an environment, the newest first. The deploy job reports `success` after its smoke test. */
export async function listRecordedDeploys(
  api: Api,
  name: RepositoryName,
  environment: string,
  count = 20,
): Promise<RecordedDeploy[]> {
  const repository = ofRepository(name);
  const parameters = { ...repository, environment, per_page: count };
  const { data } = await github(api, 'GET /repos/{owner}/{repo}/deployments', parameters, deployments);
  return Promise.all(
    data.map(async ({ id, sha, ref, created_at: at }) => {
      const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
      const ofThis = { ...repository, deployment_id: id, per_page: 100 };
      const { data: words } = await github(api, route, ofThis, statuses); // the newest first
      const word = words.find(({ state }) => state === 'success' || state === 'failure' || state === 'error');
      const outcome = word === undefined ? 'unknown' : word.state === 'success' ? 'passed' : 'failed';
      const url = words.find(({ environment_url: address }) => address)?.environment_url ?? '';
      return { id, sha, ref, at, outcome, url, logUrl: word?.log_url ?? word?.target_url ?? '' } as const;
    }),
  );
}

// Without an id GitHub has merged the default branch first, which nobody asks for.
const created = z.looseObject({ id: z.number().optional() });

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
  const repository = ofRepository(name);
  const audit = { action: 'record', writes: [{ place: 'deployment', name: deploy.ref, in: deploy.environment }] };
  const { data } = await githubWrite(
    api,
    audit,
    'POST /repos/{owner}/{repo}/deployments',
    {
      ...repository,
      ref: deploy.ref,
      environment: deploy.environment,
      auto_merge: false,
      required_contexts: [],
      production_environment: false,
      description: deploy.description,
    },
    created,
  );
  if (data.id === undefined) throw new Error('GitHub took the record of the deploy and named no deployment.');
  await githubWrite(api, audit, 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...repository,
    deployment_id: data.id,
    state: deploy.passed ? 'success' : 'failure',
    environment_url: deploy.url,
    description: deploy.description,
  });
}
