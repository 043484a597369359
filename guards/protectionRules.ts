import type { LiveProtection } from '../services/github/github.ts';
import type { RulesetContent } from '../services/github/rules.ts';
import { requiredCheck } from '../settings/names/requiredCheck.ts';
import type { Settings } from '../settings/settings.ts';
import { counted } from '../machine/counted.ts';

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
  const reviews = strictest(declared.requiredPullRequestReviews, live);
  // A list of who may push is kept as it is on GitHub: whom to add or remove is for a person to decide.
  const restrictions = copyOf(live.restrictions) ?? declared.restrictions;
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
  const declaredChecks = new Set(declared.otherChecks);
  const lost = live.requiredChecks
    .filter((check) => check.context !== requiredCheck && !declaredChecks.has(checkText(check)))
    .map((check) => `the required check ${checkText(check)}`);
  lost.push(
    ...lostReviews(declared.requiredPullRequestReviews, live),
    ...lostRestrictions(declared.restrictions, live),
  );
  if (live.switches.includes('required_signatures') && !declared.requireSignedCommits) lost.push('signed commits');
  if (live.switches.includes('required_conversation_resolution') && !declared.requireConversationResolution) {
    lost.push('conversation resolution');
  }
  return lost;
}

/** The types of rule that this project's ruleset has, declared or always. */
const rulesetTypes = ['deletion', 'non_fast_forward', 'required_signatures', 'required_status_checks', 'pull_request'];

/** What a write of the declared ruleset would take out of the live one, in words; empty when it keeps it all. */
export function lostRules(declared: Protection, { rules, conditions }: RulesetContent): string[] {
  const others = rules.filter(({ type }) => !rulesetTypes.includes(type)).map(({ type }) => type.replaceAll('_', ' '));
  const branches = (conditions?.ref_name?.include ?? []).filter((each) => each !== `refs/heads/${declared.branch}`);
  return [...lostSettings(declared, asProtection(rules)), ...others, ...branches];
}

/** A ruleset's rules as the settings of classic protection that mean the same. */
function asProtection(rules: RulesetContent['rules']): LiveProtection {
  const parametersOf = (type: string) => {
    const rule = rules.find((each) => each.type === type);
    return rule && (rule.parameters ?? {});
  };
  const checks = parametersOf('required_status_checks');
  const reviews = parametersOf('pull_request');
  return {
    requiredChecks: (checks?.required_status_checks ?? []).map(({ context, integration_id: appId = null }) => ({
      context,
      appId,
    })),
    strict: checks?.strict_required_status_checks_policy === true,
    ...(reviews && {
      reviews: {
        dismissStaleReviews: reviews.dismiss_stale_reviews_on_push === true,
        requireCodeOwnerReviews: reviews.require_code_owner_review === true,
        requireLastPushApproval: reviews.require_last_push_approval === true,
        requiredApprovingReviewCount: reviews.required_approving_review_count ?? 0,
        hasExceptions: false,
      },
    }),
    enforceAdmins: true,
    switches: [
      ...(parametersOf('required_signatures') ? ['required_signatures'] : []),
      ...(reviews?.required_review_thread_resolution === true ? ['required_conversation_resolution'] : []),
    ],
  };
}

/** The live settings that classic protection cannot keep, whatever is declared. */
export function unkeepable(live: LiveProtection): string[] {
  const switches = live.switches
    .filter((name) => notDeclarable.includes(name))
    .map((name) => name.replaceAll('_', ' '));
  return live.reviews?.hasExceptions === true ? [...switches, 'people who may dismiss or bypass reviews'] : switches;
}

type Reviews = Protection['requiredPullRequestReviews'];

const reviewSwitches = ['dismissStaleReviews', 'requireCodeOwnerReviews', 'requireLastPushApproval'] as const;

/** Each review setting as the stricter of the declared and the live one; `undefined` when neither side requires reviews. */
function strictest(declared: Reviews, { reviews: live }: LiveProtection): Reviews {
  if (!live) return declared;
  const switches = reviewSwitches.map((name) => [name, (declared?.[name] ?? false) || live[name]] as const);
  const requiredApprovingReviewCount = Math.max(
    declared?.requiredApprovingReviewCount ?? 0,
    live.requiredApprovingReviewCount,
  );
  return { ...Object.fromEntries(switches), requiredApprovingReviewCount };
}

/** The live review settings that the declared ones are weaker than, in words. */
function lostReviews(declared: Reviews, { reviews: live }: LiveProtection): string[] {
  if (!live) return [];
  if (!declared) return ['required pull request reviews'];
  const words = {
    dismissStaleReviews: 'dismissal of stale reviews',
    requireCodeOwnerReviews: 'reviews by code owners',
    requireLastPushApproval: 'approval of the last push',
  };
  const lost = reviewSwitches.filter((name) => live[name] && declared[name] !== true).map((name) => words[name]);
  const count = live.requiredApprovingReviewCount;
  return count > (declared.requiredApprovingReviewCount ?? 0) ? [...lost, counted(count, 'approving review')] : lost;
}

/** Live restrictions on who may push that the declared ones would lift: for everybody, or for somebody who is not on the list. */
function lostRestrictions(declared: Protection['restrictions'], { restrictions: live }: LiveProtection): string[] {
  if (!live) return [];
  if (!declared) return ['restrictions on who may push'];
  const kinds = ['users', 'teams', 'apps'] as const;
  const differ = kinds.filter((kind) => [...live[kind]].sort().join() !== [...declared[kind]].sort().join());
  return differ.map((kind) => `the ${kind} who may push`);
}

function copyOf(restrictions: LiveProtection['restrictions']): Protection['restrictions'] {
  return (
    restrictions && { users: [...restrictions.users], teams: [...restrictions.teams], apps: [...restrictions.apps] }
  );
}
