import type { LiveProtection } from '../../../services/github/github.ts';
import type { LiveRuleset } from '../../../services/github/rules.ts';
import type { LiveRules } from './protection.ts';

/** One rule that binds the branch, in the terms that classic protection and rulesets share. GitHub enforces all of them. */
export interface Source {
  readonly checks: readonly { readonly context: string; readonly appId: number | null }[];
  readonly strict: boolean;
  /** Whether administrators cannot go past it. */
  readonly bindsAdmins: boolean;
  readonly blocksForcePush: boolean;
  readonly blocksDeletion: boolean;
  readonly signatures: boolean;
  readonly conversations: boolean;
  readonly reviews:
    | {
        readonly count: number;
        readonly dismissStale: boolean;
        readonly codeOwners: boolean;
        readonly lastPush: boolean;
      }
    | undefined;
}

/** The rules in force for the branch. */
export function effectiveSources({ classic, rulesets }: LiveRules): Source[] {
  return [
    ...(classic ? [classicSource(classic)] : []),
    ...rulesets.filter(({ inForce }) => inForce).map(rulesetSource),
  ];
}

function classicSource(live: LiveProtection): Source {
  return {
    checks: live.requiredChecks,
    strict: live.strict,
    bindsAdmins: live.enforceAdmins,
    // GitHub forbids both on a protected branch unless a switch allows them.
    blocksForcePush: !live.switches.includes('allow_force_pushes'),
    blocksDeletion: !live.switches.includes('allow_deletions'),
    signatures: live.switches.includes('required_signatures'),
    conversations: live.switches.includes('required_conversation_resolution'),
    reviews: live.reviews && {
      count: live.reviews.requiredApprovingReviewCount,
      dismissStale: live.reviews.dismissStaleReviews,
      codeOwners: live.reviews.requireCodeOwnerReviews,
      lastPush: live.reviews.requireLastPushApproval,
    },
  };
}

function rulesetSource({ rules, bypassActors }: LiveRuleset): Source {
  const parametersOf = (type: string) => rules.find((rule) => rule.type === type)?.parameters;
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const checks = parametersOf('required_status_checks');
  const pullRequest = parametersOf('pull_request');
  return {
    checks: (checks?.required_status_checks ?? []).map(({ context, integration_id: appId }) => ({
      context,
      appId: appId ?? null,
    })),
    strict: checks?.strict_required_status_checks_policy ?? false,
    bindsAdmins: bypassActors === undefined || bypassActors === 0,
    blocksForcePush: has('non_fast_forward'),
    blocksDeletion: has('deletion'),
    signatures: has('required_signatures'),
    conversations: pullRequest?.required_review_thread_resolution ?? false,
    reviews: pullRequest && {
      count: pullRequest.required_approving_review_count ?? 0,
      dismissStale: pullRequest.dismiss_stale_reviews_on_push ?? false,
      codeOwners: pullRequest.require_code_owner_review ?? false,
      lastPush: pullRequest.require_last_push_approval ?? false,
    },
  };
}
