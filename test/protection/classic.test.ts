import { describe, expect, it } from '@jest/globals';
import { classicAnswer, classicBody } from '../../protection/classic.ts';
import type { Rule } from '../../protection/rule.ts';
import { full, ruleOf } from './rules.ts';

const none = { users: [], teams: [], apps: [] };
const actors = (user: string, team: string, app: string) => ({
  url: 'https://api.github.com/…',
  users: [{ login: user, id: 1 }],
  teams: [{ slug: team, name: 'Team' }],
  apps: [{ slug: app }],
});

/** GitHub's answer to a GET for {@link full}. */
const answer = {
  url: 'https://api.github.com/…',
  required_status_checks: {
    strict: true,
    contexts: ['deploy-staging', 'build', 'lint'],
    checks: [
      { context: 'deploy-staging', app_id: 15368 },
      { context: 'build', app_id: null },
      { context: 'lint', app_id: 7 },
    ],
  },
  required_pull_request_reviews: {
    dismiss_stale_reviews: true,
    require_code_owner_reviews: true,
    require_last_push_approval: true,
    required_approving_review_count: 2,
    dismissal_restrictions: actors('a', 'b', 'c'),
    bypass_pull_request_allowances: actors('d', 'e', 'f'),
  },
  restrictions: actors('g', 'h', 'i'),
  enforce_admins: { url: '…', enabled: true },
  required_signatures: { url: '…', enabled: true },
  required_conversation_resolution: { enabled: true },
  allow_force_pushes: { enabled: false },
  allow_deletions: { enabled: false },
  required_linear_history: { enabled: true },
  block_creations: { enabled: true },
  lock_branch: { enabled: true },
  allow_fork_syncing: { enabled: true },
};

/** The body of the PUT for {@link full}. */
const body = {
  required_status_checks: {
    strict: true,
    checks: [
      { context: 'deploy-staging', app_id: 15368 },
      { context: 'build', app_id: -1 },
      { context: 'lint', app_id: 7 },
    ],
  },
  required_pull_request_reviews: {
    dismiss_stale_reviews: true,
    require_code_owner_reviews: true,
    require_last_push_approval: true,
    required_approving_review_count: 2,
    dismissal_restrictions: { users: ['a'], teams: ['b'], apps: ['c'] },
    bypass_pull_request_allowances: { users: ['d'], teams: ['e'], apps: ['f'] },
  },
  restrictions: { users: ['g'], teams: ['h'], apps: ['i'] },
  enforce_admins: true,
  required_conversation_resolution: true,
  allow_force_pushes: false,
  allow_deletions: false,
  required_linear_history: true,
  block_creations: true,
  lock_branch: true,
  allow_fork_syncing: true,
};

describe('classic protection', () => {
  it('is read whole, and written whole', () => {
    expect(classicAnswer.parse(answer)).toEqual(full);
    expect(classicBody(full, full)).toEqual(body);
  });

  it('of which GitHub says nothing requires nothing; force pushes and deletion are forbidden', () => {
    const empty = ruleOf({ blocksForcePush: true, blocksDeletion: true });
    expect(classicAnswer.parse({})).toEqual(empty);
    expect(
      classicAnswer.parse({ required_status_checks: null, required_pull_request_reviews: null, restrictions: null }),
    ).toEqual(empty);
    expect(classicBody(empty, empty)).toEqual({
      required_status_checks: null,
      required_pull_request_reviews: null,
      restrictions: null,
      enforce_admins: false,
      required_conversation_resolution: false,
      allow_force_pushes: false,
      allow_deletions: false,
      required_linear_history: false,
      block_creations: false,
      lock_branch: false,
      allow_fork_syncing: false,
    });
  });

  it.each<[string, Partial<Rule>]>([
    ['enforce_admins', { bindsAdmins: true }],
    ['required_signatures', { signatures: true }],
    ['required_conversation_resolution', { conversations: true }],
    ['allow_force_pushes', { blocksForcePush: false }],
    ['allow_deletions', { blocksDeletion: false }],
    ['required_linear_history', { others: ['required_linear_history'] }],
    ['block_creations', { others: ['block_creations'] }],
    ['lock_branch', { others: ['lock_branch'] }],
    ['allow_fork_syncing', { others: ['allow_fork_syncing'] }],
  ])('has the switch %s in its own place', (name, changes) => {
    const base = ruleOf({ blocksForcePush: true, blocksDeletion: true });
    const rule = { ...base, ...changes };
    expect(classicAnswer.parse({ [name]: { enabled: true } })).toEqual(rule);
    expect(classicAnswer.parse({ [name]: { enabled: false } })).toEqual(base);
    // Signed commits have a request of their own.
    const on = Object.entries(classicBody(rule, base)).filter(([, value]) => value === true);
    expect(on).toEqual(name === 'required_signatures' ? [] : [[name, true]]);
  });

  it.each([
    ['dismiss_stale_reviews', { dismissStaleReviews: true }],
    ['require_code_owner_reviews', { requireCodeOwnerReviews: true }],
    ['require_last_push_approval', { requireLastPushApproval: true }],
    ['required_approving_review_count', { requiredApprovingReviewCount: 3 }],
  ])('has %s of its reviews in its own place', (name, reviews) => {
    const value = name === 'required_approving_review_count' ? 3 : true;
    const off = {
      dismissStaleReviews: false,
      requireCodeOwnerReviews: false,
      requireLastPushApproval: false,
      requiredApprovingReviewCount: 0,
    };
    expect(classicAnswer.parse({ required_pull_request_reviews: { [name]: value } }).reviews).toEqual({
      ...off,
      ...reviews,
    });
    expect(classicBody(ruleOf({ reviews }), ruleOf({})).required_pull_request_reviews).toEqual({
      dismiss_stale_reviews: false,
      require_code_owner_reviews: false,
      require_last_push_approval: false,
      required_approving_review_count: 0,
      [name]: value,
    });
  });

  it('takes a check that any app may report however GitHub spells it', () => {
    const any = [{ context: 'build', appId: undefined }];
    const of = (checks: object) => classicAnswer.parse({ required_status_checks: checks }).checks;
    expect(of({ checks: [{ context: 'build', app_id: -1 }] })).toEqual(any);
    expect(of({ checks: [{ context: 'build', app_id: null }] })).toEqual(any);
    expect(of({ checks: [{ context: 'build' }] })).toEqual(any);
    expect(of({ contexts: ['build'] })).toEqual(any);
    expect(of({ checks: [], contexts: ['build'] })).toEqual([]);
    expect(of({})).toEqual([]);
  });

  it.each<[string, Partial<Rule>, unknown]>([
    [
      'a check alone',
      { checks: [{ context: 'a', appId: 1 }] },
      { strict: false, checks: [{ context: 'a', app_id: 1 }] },
    ],
    ['up to date alone', { strict: true }, { strict: true, checks: [] }],
  ])('writes its checks for %s', (_, rule, expected) => {
    expect(classicBody(ruleOf(rule), ruleOf({})).required_status_checks).toEqual(expected);
  });

  it.each<[string, Partial<Rule>, Partial<Rule>, object]>([
    ['none were', {}, {}, {}],
    [
      'they stay',
      { dismissers: full.dismissers },
      { dismissers: full.dismissers },
      { dismissal_restrictions: full.dismissers },
    ],
    ['only some could dismiss', {}, { dismissers: none }, { dismissal_restrictions: {} }],
    ['some could bypass', {}, { bypassers: full.bypassers }, { bypass_pull_request_allowances: none }],
    ['nobody could bypass', {}, { bypassers: none }, {}],
    ['nobody can bypass', { bypassers: none }, {}, { bypass_pull_request_allowances: none }],
  ])('sends an exception empty where it is to go: %s', (_, rule, before, expected) => {
    const reviews = { requiredApprovingReviewCount: 1 };
    const sent = classicBody(
      ruleOf({ reviews, ...rule }),
      ruleOf({ reviews, ...before }),
    ).required_pull_request_reviews;
    const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass } = sent ?? {};
    expect({
      ...(dismissal && { dismissal_restrictions: dismissal }),
      ...(bypass && { bypass_pull_request_allowances: bypass }),
    }).toEqual(expected);
  });

  it('has nobody where GitHub leaves out a list, a name or an app', () => {
    expect(classicAnswer.parse({ restrictions: {} }).pushers).toEqual(none);
    const nameless = { users: [{ login: 'a' }, {}], apps: [null, {}, { slug: 'b' }] };
    expect(classicAnswer.parse({ restrictions: nameless }).pushers).toEqual({ users: ['a'], teams: [], apps: ['b'] });
    expect(classicAnswer.parse({ enforce_admins: {} }).bindsAdmins).toBe(false);
  });

  it('is an error where the answer is something else', () => {
    expect(() => classicAnswer.parse('Bad gateway')).toThrow();
    expect(() => classicAnswer.parse({ required_status_checks: { checks: [{ app_id: 1 }] } })).toThrow();
  });
});
