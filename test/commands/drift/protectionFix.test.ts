import { expect, it } from '@jest/globals';
import { declaredRuleset, released, strengthenedRuleset } from '../../../commands/drift/fix/protection.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { fixtureRoot } from '../../support/fixture.ts';

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

it('takes nothing from a ruleset that is stronger than declared, or covers more', () => {
  const declared = declaredRuleset({ ...fileSettings(fixtureRoot).github.protection, form: 'ruleset' }, 15368);
  const lint = { context: 'lint', integration_id: 7 };
  const ref_name = { include: ['refs/heads/develop', 'refs/heads/release'], exclude: [] };
  const live = {
    conditions: { ref_name },
    rules: [
      { type: 'required_linear_history' },
      { type: 'required_status_checks', parameters: { required_status_checks: [lint] } },
      { type: 'pull_request', parameters: { required_approving_review_count: 3, require_code_owner_review: true } },
    ],
  };
  const fixed = strengthenedRuleset(declared, live, new Set(['ruleset-bypass']));
  const parameters = (type: string) => fixed.rules.find((rule) => rule.type === type)?.parameters;
  expect(fixed).toMatchObject({ enforcement: 'active', bypass_actors: [], conditions: { ref_name } });
  expect(fixed.rules.map(({ type }) => type)).toEqual(expect.arrayContaining(['deletion', 'required_linear_history']));
  expect(parameters('required_status_checks')).toMatchObject({
    strict_required_status_checks_policy: true,
    required_status_checks: [{ context: 'deploy-staging', integration_id: 15368 }, { context: 'build' }, lint],
  });
  expect(parameters('pull_request')).toMatchObject({
    required_approving_review_count: 3,
    require_code_owner_review: true,
    dismiss_stale_reviews_on_push: true,
  });
});

it('covers the branch again, and no branch less', () => {
  const declared = declaredRuleset({ ...fileSettings(fixtureRoot).github.protection, form: 'ruleset' }, 15368);
  const live = {
    conditions: { ref_name: { include: ['refs/heads/release'], exclude: ['refs/heads/develop'] } },
    rules: [],
  };
  expect(strengthenedRuleset(declared, live, new Set(['ruleset-other-branch'])).conditions).toEqual({
    ref_name: { include: ['refs/heads/release', 'refs/heads/develop'], exclude: [] },
  });
});
