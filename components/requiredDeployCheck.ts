import { BranchProtectionV3 } from '@pulumi/github/branchProtectionV3.js';
import { RepositoryRuleset } from '@pulumi/github/repositoryRuleset.js';
import * as pulumi from '@pulumi/pulumi';
import { audited } from './auditHook.ts';
import { requiredCheck } from '../settings/names/requiredCheck.ts';
import type { Settings } from '../settings/settings.ts';

/** Arguments of {@link RequiredDeployCheck}: the repository, and the settings of the protection. */
export interface RequiredDeployCheckArgs {
  /** The repository's name, without its owner. */
  readonly repository: string;
  readonly protection: Settings['github']['protection'];
  /** The id of GitHub Actions' app on this GitHub. */
  readonly actionsAppId: number;
  /** Runs before the rule is created or updated; it throws to refuse the write. */
  readonly guard?: pulumi.ResourceHook;
  /** Runs after the rule was created or updated: it adds the audit line. */
  readonly audit?: pulumi.ResourceHook;
}

/**
 * Requires `deploy-staging`, reported by GitHub Actions alone, before anything is merged into the branch:
 * up to date with it, for admins too, without force pushes or deletion.
 */
export class RequiredDeployCheck extends pulumi.ComponentResource {
  /** The rule itself. */
  readonly rule: pulumi.CustomResource;
  /** The rule's id on GitHub. */
  readonly ruleId: pulumi.Output<string>;
  /** The protected branch. */
  readonly branch: pulumi.Output<string>;
  /** The checks that must pass, as `name:appId`, or `name` when any app may report it. */
  readonly checks: pulumi.Output<string[]>;

  constructor(name: string, args: RequiredDeployCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super('allincompassing:index:RequiredDeployCheck', name, {}, opts);
    const checks = [`${requiredCheck}:${args.actionsAppId}`, ...args.protection.otherChecks];
    const classicForm = args.protection.form === 'classic';
    const options: pulumi.CustomResourceOptions = {
      parent: this,
      protect: false,
      // A rule that leaves the declaration stays: the branch must not lose its protection by a deleted line.
      retainOnDelete: true,
      // An update by the provider's version 6 sends checks of its memory along, unpinned (`deploy-staging` from any
      // app); a create sends the declared rule alone, in one request that replaces the old rule without a gap.
      replaceOnChanges: classicForm ? ['*'] : [],
      hooks: {
        ...audited(args.audit),
        ...(args.guard && { beforeCreate: [args.guard], beforeUpdate: [args.guard] }),
      },
    };
    const { branch } = args.protection;
    const rule = classicForm
      ? new BranchProtectionV3(`${name}-${branch}`, classic(args, checks), options)
      : new RepositoryRuleset(`${name}-${branch}`, ruleset(args, checks), options);
    this.rule = rule;
    this.ruleId = rule.id;
    this.branch = pulumi.output(branch);
    this.checks = pulumi.output(checks);
    this.registerOutputs({ ruleId: this.ruleId, branch: this.branch, checks: this.checks });
  }
}

type Inputs<Resource extends abstract new (name: string, args: never) => unknown> = ConstructorParameters<Resource>[1];

/** Classic protection. GitHub forbids force pushes and deletion of a protected branch unless a rule allows them; this resource cannot. */
function classic(
  { repository, protection }: RequiredDeployCheckArgs,
  checks: string[],
): Inputs<typeof BranchProtectionV3> {
  const {
    branch,
    requiredPullRequestReviews: reviews,
    requireSignedCommits,
    requireConversationResolution,
    restrictions,
  } = protection;
  return {
    repository,
    branch,
    enforceAdmins: true,
    requiredStatusChecks: { strict: true, checks },
    requireSignedCommits,
    requireConversationResolution,
    ...(reviews && { requiredPullRequestReviews: reviews }),
    ...(restrictions && { restrictions }),
  };
}

/** A ruleset without bypass actors; GitHub enforces it together with whatever protection exists already. */
function ruleset(
  { repository, protection }: RequiredDeployCheckArgs,
  checks: string[],
): Inputs<typeof RepositoryRuleset> {
  const {
    branch,
    requiredPullRequestReviews: reviews,
    requireSignedCommits,
    requireConversationResolution,
  } = protection;
  return {
    repository,
    name: `${requiredCheck} on ${branch}`,
    target: 'branch',
    enforcement: 'active',
    bypassActors: [],
    conditions: { refName: { includes: [`refs/heads/${branch}`], excludes: [] } },
    rules: {
      deletion: true,
      nonFastForward: true,
      requiredSignatures: requireSignedCommits,
      requiredStatusChecks: {
        strictRequiredStatusChecksPolicy: true,
        requiredChecks: checks.map((check) => {
          const [, context = check, appId] = /^(.+):(\d+)$/.exec(check) ?? [];
          return { context, ...(appId !== undefined && { integrationId: Number(appId) }) };
        }),
      },
      ...(reviews && {
        pullRequest: {
          dismissStaleReviewsOnPush: reviews.dismissStaleReviews ?? false,
          requireCodeOwnerReview: reviews.requireCodeOwnerReviews ?? false,
          requireLastPushApproval: reviews.requireLastPushApproval ?? false,
          requiredApprovingReviewCount: reviews.requiredApprovingReviewCount ?? 0,
          requiredReviewThreadResolution: requireConversationResolution,
        },
      }),
    },
  };
}
