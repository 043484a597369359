import { z } from 'zod';
import type { ServiceReply } from '../../server/service.ts';
import { ApiError, bodyOf, countedPage, environmentOf, idParam, notFound, param, repositoryOf } from './call.ts';
import { nodeId } from './call.ts';
import type { Call } from './call.ts';
import { environmentObject } from './environmentObject.ts';
import type { Routes } from './router.ts';
import { after, now, takeId } from './state.ts';
import type { BranchPolicy, Environment, GitHubState, Repository } from './records.ts';

const branchPolicyBody = z
  .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
  .refine((policy) => policy.protected_branches !== policy.custom_branch_policies, {
    message: 'protected_branches and custom_branch_policies cannot have the same value',
  });

/** `can_admins_bypass` is missing from the published description, but sent by clients and answered by the service. */
const environmentBody = z.object({
  wait_timer: z.int().min(0).max(43_200).nullish(),
  prevent_self_review: z.boolean().nullish(),
  can_admins_bypass: z.boolean().nullish(),
  reviewers: z
    .array(z.object({ type: z.enum(['User', 'Team']), id: z.int() }))
    .max(6)
    .nullish(),
  deployment_branch_policy: branchPolicyBody.nullish(),
});

const policyBody = z.object({ name: z.string().min(1), type: z.enum(['branch', 'tag']).default('branch') });

/** A new environment without any rule. */
export function plainEnvironment(id: number, name: string): Environment {
  const createdAt = now();
  return {
    id,
    name,
    createdAt,
    updatedAt: createdAt,
    waitTimer: 0,
    preventSelfReview: false,
    canAdminsBypass: true,
    reviewers: [],
    deploymentBranchPolicy: null,
    branchPolicies: [],
    secrets: [],
    variables: [],
  };
}

/** The environment called `name`, made when there is none: a deployment to it is enough. */
export function ensureEnvironment(state: GitHubState, repository: Repository, name: string): Environment {
  const known = repository.environments.find((environment) => environment.name.toLowerCase() === name.toLowerCase());
  if (known) return known;
  const environment = plainEnvironment(takeId(state), name);
  repository.environments.push(environment);
  return environment;
}

/** Creates or replaces: what the body leaves out goes back to its default. */
function put(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const body = bodyOf(call, environmentBody);
    const known = new Set([...state.users, ...state.teams].map(({ id }) => id));
    if (body.reviewers?.some(({ id }) => !known.has(id))) {
      throw new ApiError(422, 'Failed to create the environment protection rule. Please ensure that reviewers exist.');
    }
    const environment = ensureEnvironment(state, repository, param(call, 'environment'));
    // GitHub makes the environment first, and then finds that the owner's plan has no rules for a private repository.
    if (repository.private && repository.freePlan === true && hasRules(body)) return withoutRules(environment.name);
    Object.assign(environment, {
      waitTimer: body.wait_timer ?? 0,
      preventSelfReview: body.prevent_self_review ?? false,
      canAdminsBypass: body.can_admins_bypass ?? true,
      reviewers: body.reviewers ?? [],
      deploymentBranchPolicy: body.deployment_branch_policy ?? null,
      updatedAt: after(environment.updatedAt),
    });
    if (!environment.deploymentBranchPolicy?.custom_branch_policies) environment.branchPolicies = [];
    const reply = environmentObject(call, repository, environment);
    return { status: 200, body: reply, effects: [`environment ${environment.name}`] };
  });
}

function hasRules({ wait_timer: wait, reviewers, deployment_branch_policy: policy }: z.infer<typeof environmentBody>) {
  return (wait ?? 0) > 0 || (reviewers?.length ?? 0) > 0 || (policy !== null && policy !== undefined);
}

function withoutRules(name: string): ServiceReply {
  const message =
    'Failed to create the environment protection rule. Please ensure the billing plan supports the branch policy protection rule.';
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: '422' };
  return { status: 422, body, effects: [`environment ${name} without rules`] };
}

function remove(call: Call): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const environment = environmentOf(call, repository);
    repository.environments = repository.environments.filter((other) => other !== environment);
    return { status: 204, effects: [`environment ${environment.name} deleted`] };
  });
}

function policyObject({ id, name, type }: BranchPolicy) {
  return { id, node_id: nodeId('DeploymentBranchPolicy', id), name, type };
}

function policyOf(call: Call, environment: Environment): BranchPolicy {
  const policy = environment.branchPolicies.find(({ id }) => id === idParam(call, 'policy'));
  if (!policy) throw notFound();
  return policy;
}

function changePolicies(call: Call, by: (environment: Environment, state: GitHubState) => ServiceReply): ServiceReply {
  return call.store.update((state) => {
    const environment = environmentOf(call, repositoryOf(call, state));
    const reply = by(environment, state);
    return reply.status >= 300 ? reply : { ...reply, effects: [`environment ${environment.name} branch policies`] };
  });
}

const path = '/repos/:owner/:repo/environments';
const policies = `${path}/:environment/deployment-branch-policies`;

/** Deployment environments and the branches that may deploy to them. */
export const environmentRoutes: Routes = {
  [`GET ${path}`]: (call) => {
    const repository = repositoryOf(call);
    const render = (environment: Environment) => environmentObject(call, repository, environment);
    return countedPage(call, 'environments', repository.environments, render);
  },
  [`GET ${path}/:environment`]: (call) => {
    const repository = repositoryOf(call);
    return { status: 200, body: environmentObject(call, repository, environmentOf(call, repository)) };
  },
  [`PUT ${path}/:environment`]: put,
  [`DELETE ${path}/:environment`]: remove,
  [`GET ${policies}`]: (call) =>
    countedPage(call, 'branch_policies', environmentOf(call, repositoryOf(call)).branchPolicies, policyObject),
  [`GET ${policies}/:policy`]: (call) => ({
    status: 200,
    body: policyObject(policyOf(call, environmentOf(call, repositoryOf(call)))),
  }),
  [`POST ${policies}`]: (call) =>
    changePolicies(call, (environment, state) => {
      if (!environment.deploymentBranchPolicy?.custom_branch_policies) throw notFound();
      const body = bodyOf(call, policyBody);
      if (environment.branchPolicies.some(({ name, type }) => name === body.name && type === body.type)) {
        return { status: 303 };
      }
      const policy: BranchPolicy = { id: takeId(state), ...body };
      environment.branchPolicies.push(policy);
      return { status: 200, body: policyObject(policy) };
    }),
  [`PUT ${policies}/:policy`]: (call) =>
    changePolicies(call, (environment) => {
      const policy = policyOf(call, environment);
      policy.name = bodyOf(call, policyBody).name;
      return { status: 200, body: policyObject(policy) };
    }),
  [`DELETE ${policies}/:policy`]: (call) =>
    changePolicies(call, (environment) => {
      const policy = policyOf(call, environment);
      environment.branchPolicies = environment.branchPolicies.filter((other) => other !== policy);
      return { status: 204 };
    }),
};
