import { describe, expect, it } from '@jest/globals';
import { declaredRule } from '../../protection/declared.ts';
import { classicInputs, isRule, ruleResource, rulesetInputs, ruleTypes } from '../../protection/resource.ts';
import { resourceRule } from '../../protection/resourceRule.ts';
import type { Rule } from '../../protection/rule.ts';
import { declaring, full, ruleOf } from './rules.ts';

const target = { repository: 'app', branch: 'develop' };
const { classic, ruleset, graphql } = ruleTypes;
const required = declaredRule(declaring(), 15368);

describe('the provider’s inputs', () => {
  it('of classic protection have everything that it can declare', () => {
    expect(classicInputs(full, target)).toEqual({
      repository: 'app',
      branch: 'develop',
      enforceAdmins: true,
      requiredStatusChecks: { strict: true, checks: ['deploy-staging:15368', 'build', 'lint:7'] },
      requireSignedCommits: true,
      requireConversationResolution: true,
      requiredPullRequestReviews: full.reviews,
      restrictions: full.pushers,
    });
  });

  it('of classic protection leave out what nobody declares: another input would replace the rule', () => {
    expect(classicInputs(ruleOf({ reviews: { requiredApprovingReviewCount: 1 } }), target)).toEqual({
      repository: 'app',
      branch: 'develop',
      enforceAdmins: false,
      requiredStatusChecks: { strict: false, checks: [] },
      requireSignedCommits: false,
      requireConversationResolution: false,
      requiredPullRequestReviews: { requiredApprovingReviewCount: 1 },
    });
  });

  it('of a ruleset have everything that it can declare, and nobody who may bypass it', () => {
    expect(rulesetInputs(full, target)).toEqual({
      repository: 'app',
      name: 'deploy-staging on develop',
      target: 'branch',
      enforcement: 'active',
      bypassActors: [],
      conditions: { refName: { includes: ['refs/heads/develop'], excludes: [] } },
      rules: {
        deletion: true,
        nonFastForward: true,
        requiredSignatures: true,
        requiredStatusChecks: {
          strictRequiredStatusChecksPolicy: true,
          requiredChecks: [
            { context: 'deploy-staging', integrationId: 15368 },
            { context: 'build' },
            { context: 'lint', integrationId: 7 },
          ],
        },
        pullRequest: {
          dismissStaleReviewsOnPush: true,
          requireCodeOwnerReview: true,
          requireLastPushApproval: true,
          requiredApprovingReviewCount: 2,
          requiredReviewThreadResolution: true,
        },
      },
    });
  });

  it.each<[string, Partial<Rule>, object]>([
    ['deletion', { blocksDeletion: true }, { deletion: true }],
    ['force pushes', { blocksForcePush: true }, { nonFastForward: true }],
    ['signatures', { signatures: true }, { requiredSignatures: true }],
    ['reviews alone', { reviews: {} }, { pullRequest: {} }],
    ['stale reviews', { reviews: { dismissStaleReviews: true } }, { pullRequest: { dismissStaleReviewsOnPush: true } }],
    ['code owners', { reviews: { requireCodeOwnerReviews: true } }, { pullRequest: { requireCodeOwnerReview: true } }],
    [
      'the last push',
      { reviews: { requireLastPushApproval: true } },
      { pullRequest: { requireLastPushApproval: true } },
    ],
    [
      'approvals',
      { reviews: { requiredApprovingReviewCount: 3 } },
      { pullRequest: { requiredApprovingReviewCount: 3 } },
    ],
    ['conversations', { conversations: true, reviews: {} }, { pullRequest: { requiredReviewThreadResolution: true } }],
  ])('of a ruleset have %s in their own place', (_, changes, expected) => {
    const off = {
      dismissStaleReviewsOnPush: false,
      requireCodeOwnerReview: false,
      requireLastPushApproval: false,
      requiredApprovingReviewCount: 0,
      requiredReviewThreadResolution: false,
    };
    const { pullRequest, ...switches } = expected as { readonly pullRequest?: object };
    expect(rulesetInputs(ruleOf(changes), target).rules).toEqual({
      deletion: false,
      nonFastForward: false,
      requiredSignatures: false,
      requiredStatusChecks: { strictRequiredStatusChecksPolicy: false, requiredChecks: [] },
      ...switches,
      ...(pullRequest && { pullRequest: { ...off, ...pullRequest } }),
    });
  });

  it('belong to a resource that is named by its branch', () => {
    const name = ruleResource('develop');
    expect(name).toBe('required-check-develop');
    expect([classic, ruleset, graphql].map((type) => isRule({ type, name }))).toEqual([true, true, false]);
    expect(isRule({ type: classic, name: 'somebody-elses' })).toBe(false);
  });
});

describe('a rule in somebody’s program', () => {
  const { checks, bindsAdmins } = required;

  it('is read as it was declared, in both forms', () => {
    expect(resourceRule(classic, classicInputs(required, target), 'develop')).toEqual({
      form: 'classic',
      checks,
      bindsAdmins,
      isActive: true,
    });
    expect(resourceRule(ruleset, rulesetInputs(required, target), 'develop')).toEqual({
      form: 'ruleset',
      checks,
      bindsAdmins,
      isActive: true,
    });
    expect(resourceRule(classic, classicInputs(full, target), 'develop')?.checks).toEqual(full.checks);
    expect(resourceRule(ruleset, rulesetInputs(full, target), 'develop')?.checks).toEqual(full.checks);
  });

  it.each<[string, string, unknown]>([
    ['classic protection of another branch', classic, { branch: 'main' }],
    ['a ruleset for another branch', ruleset, { conditions: { refName: { includes: ['refs/heads/main'] } } }],
    ['a ruleset for no branch', ruleset, {}],
    ['the GraphQL resource for another branch', graphql, { pattern: 'main' }],
    ['another resource', 'github:index/repository:Repository', { branch: 'develop', pattern: 'develop' }],
  ])('is none of the branch: %s', (_, type, props) => {
    expect(resourceRule(type, props, 'develop')).toBeUndefined();
  });

  const all = { conditions: { refName: { includes: ['~ALL'] } } };

  it.each<[string, string, object, object]>([
    ['every branch', ruleset, { ...all, enforcement: 'active' }, { checks: [], bindsAdmins: true, isActive: true }],
    ['one that only evaluates', ruleset, { ...all, enforcement: 'evaluate' }, { isActive: false }],
    ['somebody who may bypass it', ruleset, { ...all, bypassActors: [undefined] }, { bindsAdmins: false }],
    ['a bypass of another type', ruleset, { ...all, bypassActors: 'x' }, { bindsAdmins: true }],
    [
      'an app that is unknown',
      ruleset,
      { ...all, rules: { requiredStatusChecks: { requiredChecks: [{ context: 'a', integrationId: 'x' }] } } },
      { checks: [{ context: 'a', appId: undefined }] },
    ],
    [
      'a check that is unknown',
      ruleset,
      { ...all, rules: { requiredStatusChecks: { requiredChecks: [{ integrationId: 1 }, { context: 'a' }] } } },
      {
        checks: [
          { context: '', appId: 1 },
          { context: 'a', appId: undefined },
        ],
      },
    ],
    [
      'checks of another type',
      ruleset,
      { ...all, rules: { requiredStatusChecks: { requiredChecks: 'a' } } },
      { checks: [] },
    ],
    ['rules of another type', ruleset, { ...all, rules: 'a' }, { checks: [] }],
    [
      'the older list of checks',
      classic,
      { branch: 'develop', requiredStatusChecks: { contexts: ['a', 7], checks: ['b:1'] } },
      {
        checks: [
          { context: 'b', appId: 1 },
          { context: 'a', appId: undefined },
        ],
      },
    ],
    [
      'checks of another type',
      classic,
      { branch: 'develop', requiredStatusChecks: 'a' },
      { checks: [], isActive: true },
    ],
    ['no checks', classic, { branch: 'develop', requiredStatusChecks: {} }, { checks: [] }],
    ['administrators unknown', classic, { branch: 'develop' }, { bindsAdmins: false }],
    ['administrators in words', classic, { branch: 'develop', enforceAdmins: 'true' }, { bindsAdmins: false }],
    [
      'the GraphQL resource',
      graphql,
      { pattern: 'develop' },
      { form: 'graphql', checks: [], bindsAdmins: false, isActive: true },
    ],
  ])('is read leniently: %s', (_, type, props, expected) => {
    expect(resourceRule(type, props, 'develop')).toMatchObject(expected);
  });
});
