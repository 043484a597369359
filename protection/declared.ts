import { requiredCheck } from '../settings/names/requiredCheck.ts';
import { strongest } from './compare.ts';
import { checkOf, checkText, type Protection, type Rule } from './rule.ts';

/** The rule that the stack's file declares: `deploy-staging` by this app, for administrators too. */
export function declaredRule(declared: Protection, actionsAppId: number | undefined): Rule {
  return {
    checks: [{ context: requiredCheck, appId: actionsAppId }, ...declared.otherChecks.map(checkOf)],
    strict: true,
    bindsAdmins: true,
    blocksForcePush: true,
    blocksDeletion: true,
    signatures: declared.requireSignedCommits,
    conversations: declared.requireConversationResolution,
    reviews: declared.requiredPullRequestReviews,
    dismissers: undefined,
    bypassers: undefined,
    pushers: declared.restrictions,
    others: [],
  };
}

/** The settings that also keep what is live; where both name an app for a check, or lists of who may push, the live one stays. */
export function settingsKeeping(declared: Protection, live: Rule): Protection {
  const { checks, reviews, pushers, signatures, conversations } = strongest(live, declaredRule(declared, undefined));
  return {
    ...declared,
    otherChecks: checks
      .filter(({ context }) => context !== requiredCheck)
      .map(checkText)
      .sort(),
    ...(reviews && { requiredPullRequestReviews: { ...reviews } }),
    ...(pushers && {
      restrictions: { users: [...pushers.users], teams: [...pushers.teams], apps: [...pushers.apps] },
    }),
    requireSignedCommits: signatures,
    requireConversationResolution: conversations,
  };
}

/** The name of the ruleset that the program declares for a branch. */
export function rulesetName(branch: string): string {
  return `${requiredCheck} on ${branch}`;
}
