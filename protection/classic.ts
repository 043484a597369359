import { z } from 'zod';
import { hasExceptions, type Actors, type Rule } from './rule.ts';

/** Classic protection in GitHub's REST API. */

/** One without a name would be allowed less by a write, not more. */
const actors = z
  .object({
    users: z.array(z.object({ login: z.string().optional() })).default([]),
    teams: z.array(z.object({ slug: z.string() })).default([]),
    apps: z.array(z.object({ slug: z.string().optional() }).nullable()).default([]),
  })
  .transform(({ users, teams, apps }) => ({
    users: users.flatMap(({ login }) => login ?? []),
    teams: teams.map(({ slug }) => slug),
    apps: apps.flatMap((app) => app?.slug ?? []),
  }))
  .nullish();
const flag = z
  .object({ enabled: z.boolean().default(false) })
  .nullish()
  .transform((given) => given?.enabled ?? false);
const bool = z.boolean().default(false);

/** The switches of classic protection that no other form of this project has. */
const otherNames = ['required_linear_history', 'block_creations', 'lock_branch', 'allow_fork_syncing'] as const;

const answer = z.object({
  required_status_checks: z
    .object({
      strict: bool,
      checks: z.array(z.object({ context: z.string(), app_id: z.number().nullish() })).optional(),
      contexts: z.array(z.string()).default([]),
    })
    .nullish(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: bool,
      require_code_owner_reviews: bool,
      require_last_push_approval: bool,
      required_approving_review_count: z.number().default(0),
      dismissal_restrictions: actors,
      bypass_pull_request_allowances: actors,
    })
    .nullish(),
  restrictions: actors,
  enforce_admins: flag,
  required_signatures: flag,
  required_conversation_resolution: flag,
  allow_force_pushes: flag,
  allow_deletions: flag,
  required_linear_history: flag,
  block_creations: flag,
  lock_branch: flag,
  allow_fork_syncing: flag,
});

/** The name of the lock among a rule's {@link Rule.others}. */
export const lock: (typeof otherNames)[number] = 'lock_branch';

/** The rule that GitHub's answer to a GET states. */
export const classicAnswer = answer.transform((given): Rule => {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = given;
  return {
    checks: (checks?.checks ?? checks?.contexts.map((context) => ({ context, app_id: null })) ?? []).map(
      // GitHub writes -1 for any app, and answers with null.
      ({ context, app_id: id }) => ({ context, appId: id === -1 ? undefined : (id ?? undefined) }),
    ),
    strict: checks?.strict ?? false,
    bindsAdmins: given.enforce_admins,
    // GitHub forbids both on a protected branch unless a switch allows them.
    blocksForcePush: !given.allow_force_pushes,
    blocksDeletion: !given.allow_deletions,
    signatures: given.required_signatures,
    conversations: given.required_conversation_resolution,
    reviews: reviews
      ? {
          dismissStaleReviews: reviews.dismiss_stale_reviews,
          requireCodeOwnerReviews: reviews.require_code_owner_reviews,
          requireLastPushApproval: reviews.require_last_push_approval,
          requiredApprovingReviewCount: reviews.required_approving_review_count,
        }
      : undefined,
    dismissers: reviews?.dismissal_restrictions ?? undefined,
    bypassers: reviews?.bypass_pull_request_allowances ?? undefined,
    pushers: given.restrictions ?? undefined,
    others: otherNames.filter((name) => given[name]),
  };
});

/**
 * The body of the PUT that replaces the rule `before` by this one. Signed commits are not part of it: they are a switch of
 * their own in GitHub's API. An exception that `before` has and this one has not is sent empty: GitHub may keep what is
 * left out.
 */
export function classicBody(rule: Rule, before: Rule) {
  const { checks, strict, reviews, dismissers, bypassers, others } = rule;
  const nobody: Actors = { users: [], teams: [], apps: [] };
  const dismissal = dismissers ?? (before.dismissers && {});
  const bypass = bypassers ?? (hasExceptions({ ...before, dismissers: undefined }) ? nobody : undefined);
  return {
    required_status_checks:
      checks.length > 0 || strict
        ? { strict, checks: checks.map(({ context, appId }) => ({ context, app_id: appId ?? -1 })) }
        : null,
    enforce_admins: rule.bindsAdmins,
    required_pull_request_reviews: reviews
      ? {
          dismiss_stale_reviews: reviews.dismissStaleReviews ?? false,
          require_code_owner_reviews: reviews.requireCodeOwnerReviews ?? false,
          require_last_push_approval: reviews.requireLastPushApproval ?? false,
          required_approving_review_count: reviews.requiredApprovingReviewCount ?? 0,
          ...(dismissal && { dismissal_restrictions: dismissal }),
          ...(bypass && { bypass_pull_request_allowances: bypass }),
        }
      : null,
    restrictions: rule.pushers ?? null,
    allow_force_pushes: !rule.blocksForcePush,
    allow_deletions: !rule.blocksDeletion,
    required_conversation_resolution: rule.conversations,
    ...Object.fromEntries(otherNames.map((name) => [name, others.includes(name)])),
  };
}
