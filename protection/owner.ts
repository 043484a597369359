import type { Ownership } from '../services/github/owner.ts';
import { namespace } from '../settings/names/names.ts';
import type { Protection, Rule } from './rule.ts';

const setting = `${namespace}:github.protection`;

/**
 * What of the declared protection cannot be, or would lock everybody out, because of who owns the repository: each with
 * the reason and the fix. `live` is the classic rule that binds the branch as well.
 */
export function ownerProblems(
  declared: Protection,
  { owner, writers, archived }: Ownership,
  live: Rule | undefined,
): string[] {
  if (archived === true)
    return ['the repository is archived, and GitHub takes no write to it. Unarchive it in its settings first'];
  const problems: string[] = [];
  const isUser = owner === 'User';
  if (isUser && declared.form === 'classic') {
    problems.push(
      'the repository belongs to a user, and GitHub’s provider writes classic protection for organizations alone. ' +
        `Set ${setting}.form to ruleset: it adds the check, and leaves the rule that is there as it is`,
    );
  }
  if (isUser && declared.restrictions !== undefined) {
    problems.push(
      'the repository belongs to a user: GitHub knows restrictions on who may push for organizations alone. ' +
        `Take out ${setting}.restrictions`,
    );
  }
  const wanted = declared.requiredPullRequestReviews?.requiredApprovingReviewCount ?? 0;
  // A rule of this project has no exception for administrators; a classic rule that is there may have one.
  const there = live?.bindsAdmins === true ? (live.reviews?.requiredApprovingReviewCount ?? 0) : 0;
  const approvals = Math.max(wanted, there);
  if (writers !== undefined && approvals >= writers && approvals > 0) {
    const who = writers === 1 ? 'one person may write to it' : `${writers} people may write to it`;
    problems.push(
      `${approvals} approving review${approvals === 1 ? '' : 's'} would be required, administrators included, but ${who}, ` +
        `and nobody may approve an own pull request: nothing could be merged into ${declared.branch}. ` +
        (wanted > 0
          ? `Set ${setting}.requiredPullRequestReviews.requiredApprovingReviewCount to ${Math.max(0, writers - 1)}, or invite somebody`
          : 'Lower it in the rule that is there, or invite somebody'),
    );
  }
  return problems;
}
