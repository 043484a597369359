import { describe, expect, it } from '@jest/globals';
import { strongest } from '../../protection/compare.ts';
import { declaredRule } from '../../protection/declared.ts';
import type { Rule } from '../../protection/rule.ts';
import {
  otherBranches,
  rulesetBody,
  rulesetRule,
  rulesInForce,
  type RulePart,
  type RulesetContent,
} from '../../protection/ruleset.ts';
import { declaring, full, ruleOf } from './rules.ts';

/** {@link full}, without what a ruleset has no word for. */
const whole: Rule = { ...full, dismissers: undefined, bypassers: undefined, pushers: undefined, others: [] };

const status = {
  type: 'required_status_checks',
  parameters: {
    strict_required_status_checks_policy: true,
    required_status_checks: [
      { context: 'deploy-staging', integration_id: 15368 },
      { context: 'build' },
      { context: 'lint', integration_id: 7 },
    ],
  },
};
const pullRequest = {
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: true,
    require_last_push_approval: true,
    required_approving_review_count: 2,
    required_review_thread_resolution: true,
  },
};
const parts: RulePart[] = [
  { type: 'deletion' },
  { type: 'non_fast_forward' },
  { type: 'required_signatures' },
  status,
  pullRequest,
];
const bindingAdmins = (changes: Partial<Rule>) => ruleOf({ bindsAdmins: true, ...changes });

it.each([null, undefined])('takes what an older GitHub answers as %s for absent', (absent) => {
  const part = (type: string, ...names: readonly string[]) => ({
    ...{ type, ruleset_id: 1 },
    parameters: Object.fromEntries(names.map((name) => [name, absent])),
  });
  const parts = rulesInForce.parse([
    part('required_status_checks', 'strict_required_status_checks_policy', 'required_status_checks'),
    part('pull_request', 'require_last_push_approval', 'required_approving_review_count'),
    { type: 'deletion', ruleset_id: absent, parameters: absent },
  ]);
  expect(rulesetRule(parts)).toMatchObject({
    ...{ checks: [], strict: false, blocksDeletion: true },
    reviews: { requireLastPushApproval: false, requiredApprovingReviewCount: 0 },
  });
});

it('takes parameters of another form for another form of the answer', () => {
  const parameters = { required_status_checks: 'all' };
  expect(rulesInForce.safeParse([{ type: 'required_status_checks', parameters }]).success).toBe(false);
});

describe('a ruleset', () => {
  it('is read whole, and written whole', () => {
    expect(rulesetRule(parts)).toEqual(whole);
    expect(rulesetBody(whole, 'develop')).toEqual({
      name: 'deploy-staging on develop',
      target: 'branch',
      enforcement: 'active',
      bypass_actors: [],
      conditions: { ref_name: { include: ['refs/heads/develop'], exclude: [] } },
      rules: parts,
    });
  });

  it('without rules requires nothing', () => {
    expect(rulesetRule([])).toEqual(bindingAdmins({}));
    expect(rulesetBody(ruleOf({}), 'develop').rules).toEqual([]);
  });

  it.each<[string, Partial<Rule>]>([
    ['deletion', { blocksDeletion: true }],
    ['non_fast_forward', { blocksForcePush: true }],
    ['required_signatures', { signatures: true }],
  ])('has %s in its own place', (type, changes) => {
    expect(rulesetRule([{ type }])).toEqual(bindingAdmins(changes));
    expect(rulesetBody(ruleOf(changes), 'develop').rules).toEqual([{ type }]);
  });

  it.each<[string, Partial<Rule>]>([
    ['dismiss_stale_reviews_on_push', { reviews: { dismissStaleReviews: true } }],
    ['require_code_owner_review', { reviews: { requireCodeOwnerReviews: true } }],
    ['require_last_push_approval', { reviews: { requireLastPushApproval: true } }],
    ['required_approving_review_count', { reviews: { requiredApprovingReviewCount: 4 } }],
    ['required_review_thread_resolution', { conversations: true, reviews: {} }],
  ])('has %s of its reviews in its own place', (name, changes) => {
    const value = name === 'required_approving_review_count' ? 4 : true;
    const off = {
      dismissStaleReviews: false,
      requireCodeOwnerReviews: false,
      requireLastPushApproval: false,
      requiredApprovingReviewCount: 0,
    };
    const read = rulesetRule([{ type: 'pull_request', parameters: { [name]: value } }]);
    expect(read).toEqual(bindingAdmins({ ...changes, reviews: { ...off, ...changes.reviews } }));
    const [part] = rulesetBody(ruleOf(changes), 'develop').rules;
    expect(part).toEqual({
      type: 'pull_request',
      parameters: {
        dismiss_stale_reviews_on_push: false,
        require_code_owner_review: false,
        require_last_push_approval: false,
        required_approving_review_count: 0,
        required_review_thread_resolution: false,
        [name]: value,
      },
    });
  });

  it('without parameters has those that GitHub leaves out', () => {
    const read = rulesetRule([{ type: 'pull_request' }, { type: 'required_status_checks' }]);
    expect(read).toMatchObject({ checks: [], strict: false, conversations: false, reviews: {} });
  });

  it.each<[string, Partial<Rule>, object]>([
    [
      'a check alone',
      { checks: [{ context: 'a', appId: undefined }] },
      { strict_required_status_checks_policy: false, required_status_checks: [{ context: 'a' }] },
    ],
    ['up to date alone', { strict: true }, { strict_required_status_checks_policy: true, required_status_checks: [] }],
  ])('writes its checks for %s', (_, rule, parameters) => {
    expect(rulesetBody(ruleOf(rule), 'develop').rules).toEqual([{ type: 'required_status_checks', parameters }]);
  });

  it.each([
    [undefined, true],
    [0, true],
    [1, false],
  ])('binds administrators unless somebody may bypass it: %s', (actors, binds) => {
    expect(rulesetRule(parts, actors).bindsAdmins).toBe(binds);
  });

  it('takes a check that any app may report however GitHub spells it', () => {
    const checks = [{ context: 'a' }, { context: 'b', integration_id: null }];
    const read = rulesetRule([{ type: 'required_status_checks', parameters: { required_status_checks: checks } }]);
    expect(read.checks.map(({ appId }) => appId)).toEqual([undefined, undefined]);
  });

  it('has rules that the model has no word for by GitHub’s names', () => {
    expect(rulesetRule([...parts, { type: 'merge_queue' }, { type: 'creation' }]).others).toEqual([
      'merge_queue',
      'creation',
    ]);
  });
});

describe('a ruleset that is there', () => {
  const ref_name = { include: ['refs/heads/release', 'refs/heads/develop'], exclude: ['refs/heads/old'] };
  const live: RulesetContent = {
    conditions: { ref_name },
    rules: [
      { type: 'merge_queue', parameters: { max_entries_to_merge: 5 } },
      { type: 'required_linear_history' },
      {
        type: 'required_status_checks',
        parameters: {
          do_not_enforce_on_create: true,
          required_status_checks: [{ context: 'lint', integration_id: 7 }],
        },
      },
      { type: 'pull_request', parameters: { allowed_merge_methods: ['squash'], required_approving_review_count: 3 } },
    ],
  };
  const rule = strongest(declaredRule(declaring({ otherChecks: ['build'] }), 15368), rulesetRule(live.rules));

  it('keeps its branches, other rules, and parameters that the model has no word for', () => {
    const body = rulesetBody(rule, 'develop', { live });
    expect(body.conditions).toEqual({ ref_name });
    expect(body.rules).toEqual([
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'required_status_checks',
        parameters: {
          do_not_enforce_on_create: true,
          strict_required_status_checks_policy: true,
          required_status_checks: [
            { context: 'deploy-staging', integration_id: 15368 },
            { context: 'build' },
            { context: 'lint', integration_id: 7 },
          ],
        },
      },
      {
        type: 'pull_request',
        parameters: {
          allowed_merge_methods: ['squash'],
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 3,
          required_review_thread_resolution: false,
        },
      },
      { type: 'merge_queue', parameters: { max_entries_to_merge: 5 } },
      { type: 'required_linear_history' },
    ]);
  });

  it('binds the branch again where it is to, and no branch less', () => {
    const elsewhere = { ref_name: { include: ['refs/heads/release'], exclude: ['refs/heads/develop'] } };
    const of = (conditions: RulesetContent['conditions'], cover: boolean) =>
      rulesetBody(rule, 'develop', { live: { ...live, conditions }, cover }).conditions.ref_name;
    expect(of(elsewhere, false)).toEqual(elsewhere.ref_name);
    expect(of(elsewhere, true)).toEqual({ include: ['refs/heads/release', 'refs/heads/develop'], exclude: [] });
    expect(of({ ref_name }, true)).toEqual({ include: ref_name.include, exclude: [] });
    expect(of(undefined, false)).toEqual({ include: ['refs/heads/develop'], exclude: [] });
    expect(of({}, true)).toEqual({ include: ['refs/heads/develop'], exclude: [] });
    expect(of(null, false)).toEqual({ include: ['refs/heads/develop'], exclude: [] });
  });

  it('names the branches that it binds beyond the declared one', () => {
    expect(otherBranches(live, 'develop')).toEqual(['refs/heads/release']);
    expect(otherBranches({ rules: [] }, 'develop')).toEqual([]);
    expect(otherBranches({ rules: [], conditions: {} }, 'develop')).toEqual([]);
  });
});
