import { expect, it } from '@jest/globals';
import { released } from '../../../operations/drift/fix/protection.ts';

it('releases the classic rule beside a ruleset from what is named alone', () => {
  const live = {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: { required_approving_review_count: 2 },
    restrictions: null,
    required_linear_history: true,
    allow_force_pushes: false,
    allow_deletions: false,
    block_creations: false,
    required_conversation_resolution: true,
    lock_branch: true,
    allow_fork_syncing: false,
  };
  expect(released(live, new Set(['branch-locked']))).toEqual({ ...live, lock_branch: false });
  const reviewed = released(live, new Set(['review-bypass']));
  expect(reviewed.lock_branch).toBe(true);
  expect(reviewed.required_pull_request_reviews).toMatchObject({
    required_approving_review_count: 2,
    bypass_pull_request_allowances: { users: [], teams: [], apps: [] },
  });
});
