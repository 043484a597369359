import { z } from 'zod';
import { ofRepository, orMissing, type RepositoryName } from './github.ts';
import { github, githubWrite } from './route.ts';
import { ServiceError, type Api } from '../door/http.ts';

/** A deployment environment, as far as it matters who may read its secrets. */
export interface LiveEnvironment {
  /**
   * Whether a branch that anybody may push is kept from the secrets: by reviewers, or by a choice of branches that leaves
   * some out. A wait alone only delays it.
   */
  readonly hasRules: boolean;
}

const environmentAnswer = z.object({
  protection_rules: z.array(z.object({ type: z.string(), reviewers: z.array(z.unknown()).nullish() })).nullish(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean().optional(), custom_branch_policies: z.boolean().optional() })
    .nullish(),
});

const policiesAnswer = z.object({ branch_policies: z.array(z.object({ name: z.string().optional() })) });

function ofEnvironment(name: RepositoryName, environment: string) {
  return { ...ofRepository(name), environment_name: environment };
}

/** The environment of this name; `undefined` when the repository has none. */
export async function readEnvironment(
  api: Api,
  name: RepositoryName,
  environment: string,
): Promise<LiveEnvironment | undefined> {
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
  const answer = await orMissing(github(api, route, ofEnvironment(name, environment), environmentAnswer));
  if (!answer) return undefined;
  const { protection_rules: rules, deployment_branch_policy: policy } = answer.data;
  const reviewed = rules?.some(({ type, reviewers }) => type === 'required_reviewers' && (reviewers?.length ?? 0) > 0);
  if (reviewed === true) return { hasRules: true };
  if (policy?.custom_branch_policies !== true) return { hasRules: policy?.protected_branches === true };
  return { hasRules: !(await lettingAllIn(api, name, environment)) };
}

/** Whether one of the environment's chosen branches is a pattern that every name fits. */
async function lettingAllIn(api: Api, name: RepositoryName, environment: string): Promise<boolean> {
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
  const parameters = { ...ofEnvironment(name, environment), per_page: 100 };
  const { data } = await github(api, route, parameters, policiesAnswer);
  return data.branch_policies.some((policy) => /^[*/]+$/.test(policy.name ?? ''));
}

/**
 * Makes an environment to which one branch alone may deploy; for a moment before that, none may. Only for a name that
 * {@link readEnvironment} has just not found: GitHub replaces the rules of one that is there. Where the owner's plan has no
 * such rules, GitHub makes the environment without them and answers 422: an error that says so.
 */
export async function createClosedEnvironment(
  api: Api,
  name: RepositoryName,
  environment: string,
  branch: string,
): Promise<void> {
  const audit = { action: 'create', writes: [{ place: 'environment', name: environment }] };
  const chosen = { protected_branches: false, custom_branch_policies: true };
  const parameters = { ...ofEnvironment(name, environment), deployment_branch_policy: chosen };
  const route = 'PUT /repos/{owner}/{repo}/environments/{environment_name}';
  await githubWrite(api, audit, route, parameters).catch((error: unknown) => {
    if (!(error instanceof ServiceError) || error.kind !== 'plan') throw error;
    throw new ServiceError(
      `${error.message} GitHub may have made ${environment} all the same, open to every branch: nothing is sealed into it. ` +
        'Delete it on GitHub, or set its rules there (Settings → Environments), or take github.environment out of the configuration.',
      error.status,
      'plan',
    );
  });
  const policies = 'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies';
  await githubWrite(api, audit, policies, {
    ...ofEnvironment(name, environment),
    name: branch,
    type: 'branch',
  });
}
