import type { LiveProtection } from '../services/github.ts';
import { githubActionsAppId, requiredCheck } from '../settings/requiredCheck.ts';
import type { Settings } from '../settings/settings.ts';

type Protection = Settings['github']['protection'];

/** What classic protection by this provider cannot declare, and its writes therefore switch off. */
const notDeclarable = ['required_linear_history', 'block_creations', 'lock_branch', 'allow_fork_syncing'];

/** A check as the configuration spells it: `name`, or `name:appId`. */
export function checkText({ context, appId }: { readonly context: string; readonly appId: number | null }): string {
  return appId === null ? context : `${context}:${appId}`;
}

/**
 * The protection settings that keep what is live: the configured ones with the live rule's checks, reviews,
 * restrictions and switches added where the configuration is silent or weaker.
 */
export function keepingLive(declared: Protection, live: LiveProtection): Protection {
  const checks = live.requiredChecks.filter(({ context }) => context !== requiredCheck).map(checkText);
  const otherChecks = [...new Set([...declared.otherChecks, ...checks])].sort();
  const reviews = declared.requiredPullRequestReviews ?? reviewsOf(live);
  const restrictions = declared.restrictions ?? copyOf(live.restrictions);
  return {
    ...declared,
    otherChecks,
    ...(reviews && { requiredPullRequestReviews: reviews }),
    ...(restrictions && { restrictions }),
    requireSignedCommits: declared.requireSignedCommits || live.switches.includes('required_signatures'),
    requireConversationResolution:
      declared.requireConversationResolution || live.switches.includes('required_conversation_resolution'),
  };
}

/** The live settings that a write of the declared rule would switch off, in words; empty when it keeps them all. */
export function lostSettings(declared: Protection, live: LiveProtection): string[] {
  const declaredChecks = new Set([`${requiredCheck}:${githubActionsAppId}`, requiredCheck, ...declared.otherChecks]);
  const lost = live.requiredChecks
    .filter((check) => check.context !== requiredCheck && !declaredChecks.has(checkText(check)))
    .map((check) => `the required check ${checkText(check)}`);
  if (live.reviews && !declared.requiredPullRequestReviews) lost.push('required pull request reviews');
  if (live.restrictions && !declared.restrictions) lost.push('restrictions on who may push');
  if (live.switches.includes('required_signatures') && !declared.requireSignedCommits) lost.push('signed commits');
  if (live.switches.includes('required_conversation_resolution') && !declared.requireConversationResolution) {
    lost.push('conversation resolution');
  }
  return lost;
}

/** The live settings that classic protection cannot keep, whatever is declared. */
export function unkeepable(live: LiveProtection): string[] {
  const switches = live.switches
    .filter((name) => notDeclarable.includes(name))
    .map((name) => name.replaceAll('_', ' '));
  return live.reviews?.hasExceptions === true ? [...switches, 'people who may dismiss or bypass reviews'] : switches;
}

function reviewsOf({ reviews }: LiveProtection): Protection['requiredPullRequestReviews'] {
  if (!reviews) return undefined;
  const { dismissStaleReviews, requireCodeOwnerReviews, requireLastPushApproval, requiredApprovingReviewCount } =
    reviews;
  return { dismissStaleReviews, requireCodeOwnerReviews, requireLastPushApproval, requiredApprovingReviewCount };
}

function copyOf(restrictions: LiveProtection['restrictions']): Protection['restrictions'] {
  return (
    restrictions && { users: [...restrictions.users], teams: [...restrictions.teams], apps: [...restrictions.apps] }
  );
}
