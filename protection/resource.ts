import type { BranchProtectionV3 } from '@pulumi/github/branchProtectionV3.js';
import type { RepositoryRuleset } from '@pulumi/github/repositoryRuleset.js';
import { rulesetName } from './declared.ts';
import { checkText, type Rule } from './rule.ts';

/** Rules as Pulumi's GitHub provider spells them. */

/** The type tokens of the two forms, and of the classic form by GraphQL, which this project reads alone. */
export const ruleTypes = {
  classic: 'github:index/branchProtectionV3:BranchProtectionV3',
  ruleset: 'github:index/repositoryRuleset:RepositoryRuleset',
  graphql: 'github:index/branchProtection:BranchProtection',
} as const;

/** The logical name of the component that declares the rule. */
export const ruleComponent = 'required-check';

/** The logical name of a branch's rule. */
export function ruleResource(branch: string): string {
  return `${ruleComponent}-${branch}`;
}

/** Whether a resource of a stack is this project's rule. */
export function isRule({ type, name }: { readonly type: string; readonly name: string }): boolean {
  return (type === ruleTypes.classic || type === ruleTypes.ruleset) && name.startsWith(ruleResource(''));
}

type Inputs<Resource extends abstract new (name: string, args: never) => unknown> = ConstructorParameters<Resource>[1];
interface Target {
  readonly repository: string;
  readonly branch: string;
}

/** Classic protection. GitHub forbids force pushes and deletion of a protected branch unless a rule allows them; this resource cannot. */
export function classicInputs(rule: Rule, { repository, branch }: Target): Inputs<typeof BranchProtectionV3> {
  const { checks, reviews, pushers } = rule;
  return {
    repository,
    branch,
    enforceAdmins: rule.bindsAdmins,
    requiredStatusChecks: { strict: rule.strict, checks: checks.map(checkText) },
    requireSignedCommits: rule.signatures,
    requireConversationResolution: rule.conversations,
    ...(reviews && { requiredPullRequestReviews: reviews }),
    ...(pushers && {
      restrictions: { users: [...pushers.users], teams: [...pushers.teams], apps: [...pushers.apps] },
    }),
  };
}

/** A ruleset that nobody may bypass; GitHub enforces it together with whatever protection exists already. */
export function rulesetInputs(rule: Rule, { repository, branch }: Target): Inputs<typeof RepositoryRuleset> {
  const { checks, reviews } = rule;
  return {
    repository,
    name: rulesetName(branch),
    target: 'branch',
    enforcement: 'active',
    bypassActors: [],
    conditions: { refName: { includes: [`refs/heads/${branch}`], excludes: [] } },
    rules: {
      deletion: rule.blocksDeletion,
      nonFastForward: rule.blocksForcePush,
      requiredSignatures: rule.signatures,
      requiredStatusChecks: {
        strictRequiredStatusChecksPolicy: rule.strict,
        requiredChecks: checks.map(({ context, appId }) => ({
          context,
          ...(appId !== undefined && { integrationId: appId }),
        })),
      },
      ...(reviews && {
        pullRequest: {
          dismissStaleReviewsOnPush: reviews.dismissStaleReviews ?? false,
          requireCodeOwnerReview: reviews.requireCodeOwnerReviews ?? false,
          requireLastPushApproval: reviews.requireLastPushApproval ?? false,
          requiredApprovingReviewCount: reviews.requiredApprovingReviewCount ?? 0,
          requiredReviewThreadResolution: rule.conversations,
        },
      }),
    },
  };
}
