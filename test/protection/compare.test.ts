import { describe, expect, it } from '@jest/globals';
import { beyondClassic, covers, lost, satisfies, strongest } from '../../protection/compare.ts';
import { declaredRule, rulesetName, settingsKeeping } from '../../protection/declared.ts';
import { checkOf, checkText, hasExceptions, type Check, type Reviews, type Rule } from '../../protection/rule.ts';
import { declaring, full, ruleOf } from './rules.ts';

const nothing = ruleOf({});
const checks = (...names: string[]) => names.map(checkOf);
const people = (...users: string[]) => ({ users, teams: [], apps: [] });

describe('a check', () => {
  it.each<[string, Check]>([
    ['build', { context: 'build', appId: undefined }],
    ['build:7', { context: 'build', appId: 7 }],
    ['ci / build: linux:15368', { context: 'ci / build: linux', appId: 15368 }],
    ['build:x7', { context: 'build:x7', appId: undefined }],
    ['build:7x', { context: 'build:7x', appId: undefined }],
    [':7', { context: ':7', appId: undefined }],
  ])('is read and spelt as %s', (text, check) => {
    expect(checkOf(text)).toEqual(check);
    expect(checkText(check)).toBe(text);
  });

  it.each([
    ['build', 'build', true],
    ['build:7', 'build', true],
    ['build:7', 'build:7', true],
    ['build', 'build:7', false],
    ['build:8', 'build:7', false],
    ['lint:7', 'build:7', false],
    ['lint', 'build', false],
  ])('%s requires %s too: %s', (check, wanted, expected) => {
    expect(covers(checkOf(check), checkOf(wanted))).toBe(expected);
  });
});

describe('the settings', () => {
  it('declare the deploy check of GitHub Actions, for administrators too, up to date, without rewrites', () => {
    expect(declaredRule(declaring(), 15368)).toEqual({
      checks: checks('deploy-staging:15368'),
      strict: true,
      bindsAdmins: true,
      blocksForcePush: true,
      blocksDeletion: true,
      signatures: false,
      conversations: false,
      reviews: undefined,
      dismissers: undefined,
      bypassers: undefined,
      pushers: undefined,
      others: [],
    });
  });

  it('declare everything else by a setting each', () => {
    const reviews = { requiredApprovingReviewCount: 1 };
    const restrictions = { users: ['a'], teams: [], apps: [] };
    const rule = declaredRule(
      declaring({
        otherChecks: ['build', 'lint:7'],
        requiredPullRequestReviews: reviews,
        requireSignedCommits: true,
        requireConversationResolution: true,
        restrictions,
      }),
      undefined,
    );
    expect(rule).toMatchObject({ signatures: true, conversations: true, reviews, pushers: restrictions });
    expect(rule.checks).toEqual(checks('deploy-staging', 'build', 'lint:7'));
  });

  it('name the ruleset by the check and the branch', () => {
    expect(rulesetName('develop')).toBe('deploy-staging on develop');
  });
});

/** What the live rule has, what is declared, and what of it would be lost. */
const losses: readonly (readonly [string, Partial<Rule>, Partial<Rule>, readonly string[]])[] = [
  ['nothing', {}, {}, []],
  ['the deploy check, which is always declared', { checks: checks('deploy-staging:1') }, {}, []],
  ['a check', { checks: checks('build') }, { checks: checks('lint') }, ['the required check build']],
  ['a declared check', { checks: checks('build') }, { checks: checks('lint', 'build') }, []],
  ['a check’s app', { checks: checks('build:7') }, { checks: checks('build') }, ['the required check build:7']],
  ['no app where one is declared', { checks: checks('build') }, { checks: checks('build:7') }, []],
  ['signatures', { signatures: true }, {}, ['signed commits']],
  ['declared signatures', { signatures: true }, { signatures: true }, []],
  ['conversations', { conversations: true }, {}, ['conversation resolution']],
  ['declared conversations', { conversations: true }, { conversations: true }, []],
  ['reviews', { reviews: {} }, {}, ['required pull request reviews']],
  ['declared reviews', { reviews: {} }, { reviews: {} }, []],
  [
    'stricter reviews',
    { reviews: full.reviews },
    { reviews: {} },
    ['dismissal of stale reviews', 'reviews by code owners', 'approval of the last push', '2 approving reviews'],
  ],
  ['the same reviews', { reviews: full.reviews }, { reviews: full.reviews }, []],
  ['weaker reviews', { reviews: {} }, { reviews: full.reviews }, []],
  ['one approval', { reviews: { requiredApprovingReviewCount: 1 } }, { reviews: {} }, ['1 approving review']],
  ['restrictions', { pushers: people() }, {}, ['restrictions on who may push']],
  ['the same people', { pushers: people('a', 'b') }, { pushers: people('b', 'a') }, []],
  ['other people', { pushers: people('a') }, { pushers: people('b') }, ['the users who may push']],
  [
    'other teams and apps',
    { pushers: { users: [], teams: ['b', 'a'], apps: ['a'] } },
    { pushers: { users: [], teams: ['a'], apps: ['b', 'a'] } },
    ['the teams who may push', 'the apps who may push'],
  ],
  ['declared restrictions', {}, { pushers: people('a') }, []],
  [
    'what this project has no setting for',
    { others: ['required_linear_history', 'merge_queue'] },
    { others: ['merge_queue'] },
    ['required linear history'],
  ],
  ['an administrator’s way around, or up-to-date branches', { strict: true, bindsAdmins: true }, {}, []],
];

describe('what a write of the declared rule would switch off', () => {
  it.each(losses)('of %s', (_, live, declared, expected) => {
    expect(lost(ruleOf(declared), ruleOf(live))).toEqual(expected);
  });

  it.each(losses)('is nothing once the strongest of both is declared: %s', (_, live, declared) => {
    const kept = strongest(ruleOf(live), ruleOf(declared));
    expect(lost(kept, ruleOf(live))).toEqual([]);
    expect(lost(kept, ruleOf({ ...declared, pushers: kept.pushers }))).toEqual([]);
  });
});

describe('the strongest of two rules', () => {
  const keys = Object.keys(full) as (keyof Rule)[];

  it('has everything of both', () => {
    expect(strongest(full, nothing)).toEqual(full);
    expect(strongest(nothing, full)).toEqual(full);
    expect(strongest(nothing, nothing)).toEqual(nothing);
    expect(strongest(full, full)).toEqual(full);
  });

  it.each(keys)('takes %s from whichever has it', (key) => {
    const only = ruleOf({ [key]: full[key] });
    expect(strongest(only, nothing)).toEqual(only);
    expect(strongest(nothing, only)).toEqual(only);
  });

  it.each<[string, string[], string[], string[]]>([
    ['the same check once', ['build'], ['build'], ['build']],
    ['a check of each', ['build'], ['lint'], ['build', 'lint']],
    ['the app that only one names', ['build'], ['build:7'], ['build:7']],
    ['the app that the other does not name', ['build:7'], ['build'], ['build:7']],
    ['the first’s app where both name one', ['build:7'], ['build:8'], ['build:7']],
  ])('requires %s', (_, first, second, expected) => {
    const both = strongest(ruleOf({ checks: checks(...first) }), ruleOf({ checks: checks(...second) }));
    expect(both.checks).toEqual(checks(...expected));
  });

  it.each<[Reviews, Reviews, Reviews]>([
    [
      { dismissStaleReviews: true },
      { requireCodeOwnerReviews: true },
      { dismissStaleReviews: true, requireCodeOwnerReviews: true },
    ],
    [
      { requireLastPushApproval: true },
      { dismissStaleReviews: true },
      { requireLastPushApproval: true, dismissStaleReviews: true },
    ],
    [{ requiredApprovingReviewCount: 1 }, { requiredApprovingReviewCount: 3 }, { requiredApprovingReviewCount: 3 }],
    [{ requiredApprovingReviewCount: 4 }, {}, { requiredApprovingReviewCount: 4 }],
  ])('has the stricter of each review setting: %j, %j', (first, second, expected) => {
    const all = {
      dismissStaleReviews: false,
      requireCodeOwnerReviews: false,
      requireLastPushApproval: false,
      requiredApprovingReviewCount: 0,
      ...expected,
    };
    expect(strongest(ruleOf({ reviews: first }), ruleOf({ reviews: second })).reviews).toEqual(all);
    expect(strongest(ruleOf({ reviews: second }), ruleOf({ reviews: first })).reviews).toEqual(all);
  });

  it('keeps the first’s lists of people, and every other setting once', () => {
    const [first, second] = [
      ruleOf({ pushers: people('a'), dismissers: people('b'), bypassers: people('c'), others: ['x', 'y'] }),
      ruleOf({ pushers: people('d'), dismissers: people('e'), bypassers: people('f'), others: ['y', 'z'] }),
    ];
    expect(strongest(first, second)).toEqual({ ...first, others: ['x', 'y', 'z'] });
  });
});

describe('reviews', () => {
  it.each<[string, Reviews | undefined, Reviews, boolean]>([
    ['none', undefined, {}, false],
    ['any', {}, {}, true],
    ['the same', full.reviews, full.reviews ?? {}, true],
    ['fewer', { requiredApprovingReviewCount: 1 }, { requiredApprovingReviewCount: 2 }, false],
    ['more', { requiredApprovingReviewCount: 2 }, { requiredApprovingReviewCount: 1 }, true],
    ['stale ones', {}, { dismissStaleReviews: true }, false],
  ])('satisfy what is wanted: %s', (_, given, wanted, expected) => {
    expect(satisfies(given, wanted)).toBe(expected);
  });
});

describe('what classic protection by the provider cannot keep', () => {
  it.each<[string, Partial<Rule>, string[]]>([
    ['nothing', { signatures: true, reviews: {}, bypassers: people() }, []],
    [
      'other switches',
      { others: ['required_linear_history', 'lock_branch'] },
      ['required linear history', 'lock branch'],
    ],
    ['people who alone may dismiss', { dismissers: people() }, ['people who may dismiss or bypass reviews']],
    ['people who may bypass', { bypassers: people('a') }, ['people who may dismiss or bypass reviews']],
    [
      'teams who may bypass',
      { bypassers: { ...people(), teams: ['a'] } },
      ['people who may dismiss or bypass reviews'],
    ],
  ])('%s', (_, rule, expected) => {
    expect(beyondClassic(ruleOf(rule))).toEqual(expected);
    expect(hasExceptions(ruleOf(rule))).toBe(expected.includes('people who may dismiss or bypass reviews'));
  });
});

describe('the settings that adoption writes', () => {
  it('keep everything that is live', () => {
    const live = ruleOf({ ...full, others: [], checks: checks('lint:15368', 'deploy-staging', 'build') });
    const kept = settingsKeeping(declaring(), live);
    expect(kept).toEqual({
      branch: 'develop',
      form: 'classic',
      otherChecks: ['build', 'lint:15368'],
      requiredPullRequestReviews: full.reviews,
      restrictions: full.pushers,
      requireSignedCommits: true,
      requireConversationResolution: true,
      removals: 'refuse',
    });
    expect(lost(declaredRule(kept, undefined), live)).toEqual([]);
  });

  it('leave stronger settings of the declaration as they are', () => {
    const stronger = declaring({
      requireSignedCommits: true,
      requireConversationResolution: true,
      otherChecks: ['audit'],
      requiredPullRequestReviews: { requiredApprovingReviewCount: 1 },
      restrictions: people('a'),
    });
    expect(settingsKeeping(stronger, nothing)).toEqual(stronger);
  });

  it.each([
    ['build:7', 'build', 'build:7'],
    ['build', 'build:7', 'build:7'],
    ['build:8', 'build:7', 'build:7'],
  ])('name a check once: %s is declared, %s is live', (declared, live, expected) => {
    const kept = settingsKeeping(declaring({ otherChecks: [declared] }), ruleOf({ checks: checks(live) }));
    expect(kept.otherChecks).toEqual([expected]);
  });

  it('take the people who may push from the live rule', () => {
    const kept = settingsKeeping(declaring({ restrictions: people('hubot') }), ruleOf({ pushers: people('octocat') }));
    expect(kept.restrictions).toEqual(people('octocat'));
  });
});
