import { simpleUser, teamObject } from './accounts.ts';
import { nodeId, pageUrl, repositoryUrl } from './call.ts';
import type { Call } from './call.ts';
import type { Environment, Repository } from './records.ts';

/** An environment in the API's form, with the rules that guard it. */
export function environmentObject(call: Call, repository: Repository, environment: Environment) {
  const { id, name } = environment;
  return {
    id,
    node_id: nodeId('Environment', id),
    name,
    url: `${repositoryUrl(call, repository)}/environments/${encodeURIComponent(name)}`,
    html_url: `${pageUrl(call, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: environment.canAdminsBypass,
    protection_rules: protectionRules(call, environment),
    deployment_branch_policy: environment.deploymentBranchPolicy,
  };
}

function protectionRules(call: Call, environment: Environment) {
  const rule = (type: string, offset: number) => ({
    id: environment.id * 10 + offset,
    node_id: nodeId('Gate', environment.id * 10 + offset),
    type,
  });
  return [
    ...(environment.waitTimer > 0 ? [{ ...rule('wait_timer', 1), wait_timer: environment.waitTimer }] : []),
    ...(environment.reviewers.length > 0
      ? [
          {
            ...rule('required_reviewers', 2),
            prevent_self_review: environment.preventSelfReview,
            reviewers: environment.reviewers.map((reviewer) => reviewerObject(call, reviewer)),
          },
        ]
      : []),
    ...(environment.deploymentBranchPolicy ? [rule('branch_policy', 3)] : []),
  ];
}

function reviewerObject(call: Call, { type, id }: Environment['reviewers'][number]) {
  const { users, teams } = call.store.state;
  if (type === 'Team') {
    const team = teams.find((candidate) => candidate.id === id);
    return { type, reviewer: team ? teamObject(call, team) : undefined };
  }
  const user = users.find((candidate) => candidate.id === id);
  return { type, reviewer: user ? simpleUser(call, user.login) : undefined };
}
