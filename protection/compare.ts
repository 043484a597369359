import { counted } from '../machine/counted.ts';
import { requiredCheck } from '../settings/names/requiredCheck.ts';
import { checkText, hasExceptions, type Actors, type Check, type Reviews, type Rule } from './rule.ts';

/** Each switch of reviews, in words. */
const reviewSwitches = {
  dismissStaleReviews: 'dismissal of stale reviews',
  requireCodeOwnerReviews: 'reviews by code owners',
  requireLastPushApproval: 'approval of the last push',
} as const;
const switchNames = ['dismissStaleReviews', 'requireCodeOwnerReviews', 'requireLastPushApproval'] as const;

/** What replacing the live rule by the declared one would switch off, in words; empty when it keeps everything. */
export function lost(declared: Rule, live: Rule): string[] {
  const checks = live.checks.filter(
    (check) => check.context !== requiredCheck && !declared.checks.some((each) => covers(each, check)),
  );
  return [
    ...checks.map((check) => `the required check ${checkText(check)}`),
    ...lostReviews(declared.reviews, live.reviews),
    ...lostPushers(declared.pushers, live.pushers),
    ...(live.signatures && !declared.signatures ? ['signed commits'] : []),
    ...(live.conversations && !declared.conversations ? ['conversation resolution'] : []),
    ...live.others.filter((name) => !declared.others.includes(name)).map(inWords),
  ];
}

/** What classic protection by GitHub's provider cannot declare, so that its writes switch it off. */
export function beyondClassic(live: Rule): string[] {
  const exceptions = hasExceptions(live) ? ['people who may dismiss or bypass reviews'] : [];
  return [...live.others.map(inWords), ...exceptions];
}

/**
 * A rule with everything that either rule requires. Where they contradict each other (two apps for one check, two lists of
 * people), the first one's stays.
 */
export function strongest(first: Rule, second: Rule): Rule {
  return {
    checks: strongestChecks(first.checks, second.checks),
    strict: first.strict || second.strict,
    bindsAdmins: first.bindsAdmins || second.bindsAdmins,
    blocksForcePush: first.blocksForcePush || second.blocksForcePush,
    blocksDeletion: first.blocksDeletion || second.blocksDeletion,
    signatures: first.signatures || second.signatures,
    conversations: first.conversations || second.conversations,
    reviews: strongestReviews(first.reviews, second.reviews),
    dismissers: first.dismissers ?? second.dismissers,
    bypassers: first.bypassers ?? second.bypassers,
    pushers: first.pushers ?? second.pushers,
    others: [...new Set([...first.others, ...second.others])],
  };
}

/** Whether reviews are at least what is wanted. */
export function satisfies(reviews: Reviews | undefined, wanted: Reviews): boolean {
  return lostReviews(reviews, wanted).length === 0;
}

/** Whether requiring one check requires the other too: the same, by that app where one is named. */
export function covers(check: Check, wanted: Check): boolean {
  return check.context === wanted.context && (wanted.appId === undefined || check.appId === wanted.appId);
}

function strongestChecks(first: readonly Check[], second: readonly Check[]): Check[] {
  const pinned = first.map((check) =>
    check.appId === undefined ? (second.find((each) => covers(each, check)) ?? check) : check,
  );
  return [...pinned, ...second.filter(({ context }) => !first.some((check) => check.context === context))];
}

function strongestReviews(first: Reviews | undefined, second: Reviews | undefined): Reviews | undefined {
  if (!first || !second) return first ?? second;
  const either = (name: keyof typeof reviewSwitches) => (first[name] ?? false) || (second[name] ?? false);
  return {
    dismissStaleReviews: either('dismissStaleReviews'),
    requireCodeOwnerReviews: either('requireCodeOwnerReviews'),
    requireLastPushApproval: either('requireLastPushApproval'),
    requiredApprovingReviewCount: Math.max(countOf(first), countOf(second)),
  };
}

function lostReviews(declared: Reviews | undefined, live: Reviews | undefined): string[] {
  if (!live) return [];
  if (!declared) return ['required pull request reviews'];
  const switches = switchNames.filter((name) => live[name] === true && declared[name] !== true);
  const fewer = countOf(live) > countOf(declared) ? [counted(countOf(live), 'approving review')] : [];
  return [...switches.map((name) => reviewSwitches[name]), ...fewer];
}

function countOf({ requiredApprovingReviewCount: count = 0 }: Reviews): number {
  return count;
}

/** Live restrictions that would be lifted: for everybody, or for somebody who is not on the list. */
function lostPushers(declared: Actors | undefined, live: Actors | undefined): string[] {
  if (!live) return [];
  if (!declared) return ['restrictions on who may push'];
  const differ = (['users', 'teams', 'apps'] as const).filter(
    (kind) => [...live[kind]].sort().join() !== [...declared[kind]].sort().join(),
  );
  return differ.map((kind) => `the ${kind} who may push`);
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ');
}
