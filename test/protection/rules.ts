import { classicAnswer } from '../../protection/classic.ts';
import type { Protection, Rule } from '../../protection/rule.ts';

/** A rule that requires nothing, with these changes. */
export function ruleOf(changes: Partial<Rule>): Rule {
  return { ...classicAnswer.parse({}), blocksForcePush: false, blocksDeletion: false, ...changes };
}

/** A rule that sets everything of the model. */
export const full: Rule = {
  checks: [
    { context: 'deploy-staging', appId: 15368 },
    { context: 'build', appId: undefined },
    { context: 'lint', appId: 7 },
  ],
  strict: true,
  bindsAdmins: true,
  blocksForcePush: true,
  blocksDeletion: true,
  signatures: true,
  conversations: true,
  reviews: {
    dismissStaleReviews: true,
    requireCodeOwnerReviews: true,
    requireLastPushApproval: true,
    requiredApprovingReviewCount: 2,
  },
  dismissers: { users: ['a'], teams: ['b'], apps: ['c'] },
  bypassers: { users: ['d'], teams: ['e'], apps: ['f'] },
  pushers: { users: ['g'], teams: ['h'], apps: ['i'] },
  others: ['required_linear_history', 'block_creations', 'lock_branch', 'allow_fork_syncing'],
};

/** What the stack's file declares when it is silent, with these changes. */
export function declaring(changes: Partial<Protection> = {}): Protection {
  return {
    branch: 'develop',
    form: 'classic',
    otherChecks: [],
    requireSignedCommits: false,
    requireConversationResolution: false,
    removals: 'refuse',
    ...changes,
  };
}
