import { z } from 'zod';
import type { ServiceReply } from '../../../server/service.ts';
import { simpleUser } from '../accounts.ts';
import { shaOf } from '../branches.ts';
import { ApiError, bodyOf, idParam, nodeId, notFound, pageOf, repositoryOf, repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import { ensureEnvironment } from '../environments.ts';
import type { Routes } from '../router.ts';
import { after, now, takeId } from '../state.ts';
import type { Deployment, DeploymentStatus, GitHubState, Repository } from '../records.ts';

const deploymentBody = z.object({
  ref: z.string().min(1),
  task: z.string().default('deploy'),
  auto_merge: z.boolean().optional(),
  required_contexts: z.array(z.string()).optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
  environment: z.string().min(1).default('production'),
  description: z.string().max(140).nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});

const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const;
const statusBody = z.object({
  state: z.enum(states),
  target_url: z.string().default(''),
  log_url: z.string().optional(),
  description: z.string().max(140).default(''),
  environment: z.string().optional(),
  environment_url: z.string().default(''),
  auto_inactive: z.boolean().default(true),
});

function deploymentObject(call: Call, repository: Repository, deployment: Deployment) {
  const url = `${repositoryUrl(call, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.statuses.at(-1)?.environment ?? deployment.environment,
    description: deployment.description,
    creator: simpleUser(call, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(call, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

function statusObject(call: Call, repository: Repository, deployment: Deployment, status: DeploymentStatus) {
  const deploymentUrl = `${repositoryUrl(call, repository)}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: simpleUser(call, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: deploymentUrl,
    repository_url: repositoryUrl(call, repository),
  };
}

function create(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const body = bodyOf(call, deploymentBody);
    const sha = shaOf(repository, body.ref);
    if (sha === undefined) throw new ApiError(422, `No ref found for: ${body.ref}`);
    refuseUnchecked(repository, sha, body.ref, body.required_contexts);
    const createdAt = now();
    const deployment: Deployment = {
      id: takeId(state),
      ref: body.ref,
      sha,
      task: body.task,
      environment: ensureEnvironment(state, repository, body.environment).name,
      description: body.description ?? null,
      payload: body.payload,
      creator: call.token.login,
      transient: body.transient_environment,
      production: body.production_environment ?? body.environment === 'production',
      createdAt,
      updatedAt: createdAt,
      statuses: [],
    };
    repository.deployments.push(deployment);
    const effects = [`deployment ${deployment.id} ${deployment.environment}`];
    return { status: 201, body: deploymentObject(call, repository, deployment), effects };
  });
}

/** 409 when a check that the deployment needs has not succeeded: those named, or all that reported. */
function refuseUnchecked(repository: Repository, sha: string, ref: string, contexts?: readonly string[]): void {
  const runs = new Map(
    repository.checkRuns.filter((run) => run.headSha === sha).map(({ name, conclusion }) => [name, conclusion]),
  );
  const needed = contexts ?? [...runs.keys()];
  const unmet = needed.filter((name) => runs.get(name) !== 'success');
  if (unmet.length === 0) return;
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, [
    { contexts: unmet.map((context) => ({ context, state: runs.get(context) ?? 'pending' })), resource: 'Deployment' },
  ]);
}

function createStatus(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const deployment = deploymentOf(call, repository);
    const body = bodyOf(call, statusBody);
    const status: DeploymentStatus = {
      id: takeId(state),
      state: body.state,
      creator: call.token.login,
      description: body.description,
      environment: body.environment ?? deployment.statuses.at(-1)?.environment ?? deployment.environment,
      environmentUrl: body.environment_url,
      logUrl: body.log_url ?? body.target_url,
      createdAt: now(),
    };
    deployment.statuses.push(status);
    deployment.updatedAt = after(deployment.updatedAt);
    if (body.state === 'success' && body.auto_inactive) retireOthers(state, repository, deployment, status);
    const effects = [`deployment ${deployment.id} ${body.state}`];
    return { status: 201, body: statusObject(call, repository, deployment, status), effects };
  });
}

/** A success makes the environment's earlier, non-production, lasting deployments inactive. */
function retireOthers(state: GitHubState, repository: Repository, by: Deployment, status: DeploymentStatus): void {
  for (const other of repository.deployments) {
    if (other === by || other.transient || other.production || other.environment !== by.environment) continue;
    if (other.statuses.at(-1)?.state !== 'success') continue;
    other.statuses.push({ ...status, id: takeId(state), state: 'inactive', environment: other.environment });
  }
}

function deploymentOf(call: Call, repository: Repository): Deployment {
  const deployment = repository.deployments.find(({ id }) => id === idParam(call, 'deployment'));
  if (!deployment) throw notFound();
  return deployment;
}

const path = '/repos/:owner/:repo/deployments';

/** Deployments and their statuses. */
export const deploymentRoutes: Routes = {
  [`GET ${path}`]: (call) => {
    const repository = repositoryOf(call);
    const query = call.request.query;
    const found = repository.deployments
      .filter(({ environment }) => (query.get('environment') ?? environment) === environment)
      .filter(({ ref }) => (query.get('ref') ?? ref) === ref)
      .filter(({ sha }) => (query.get('sha') ?? sha) === sha)
      .filter(({ task }) => (query.get('task') ?? task) === task)
      .toReversed(); // the newest first
    const { items, headers } = pageOf(call, found);
    return { status: 200, headers, body: items.map((deployment) => deploymentObject(call, repository, deployment)) };
  },
  [`POST ${path}`]: create,
  [`GET ${path}/:deployment`]: (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: deploymentObject(call, repository, deploymentOf(call, repository)) };
  },
  [`GET ${path}/:deployment/statuses`]: (call) => {
    const repository = repositoryOf(call);
    const deployment = deploymentOf(call, repository);
    const { items, headers } = pageOf(call, deployment.statuses.toReversed());
    return { status: 200, headers, body: items.map((status) => statusObject(call, repository, deployment, status)) };
  },
  [`POST ${path}/:deployment/statuses`]: createStatus,
};
