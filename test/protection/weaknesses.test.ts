import { describe, expect, it } from '@jest/globals';
import { declaredRule } from '../../protection/declared.ts';
import { checkOf, type Protection, type Rule } from '../../protection/rule.ts';
import {
  isRuleThere,
  wasNeverThere,
  weaknesses,
  type LiveRules,
  type LiveRuleset,
} from '../../protection/weaknesses.ts';
import { declaring, full, ruleOf } from './rules.ts';

const actionsAppId = 15368;
const strict: Partial<Protection> = {
  otherChecks: ['build', 'lint:7'],
  requiredPullRequestReviews: { ...full.reviews },
  requireSignedCommits: true,
  requireConversationResolution: true,
};
const restrictions = { users: ['a'], teams: [], apps: [] };
const checks = (...names: string[]) => names.map(checkOf);

const rulesOf = (changes: Partial<LiveRules>): LiveRules => ({
  ...{ branchExists: true, branchDeletedAt: undefined, classic: undefined, rulesets: [], actionsAppId },
  ...changes,
});
const rulesetOf = (rule: Rule, changes: Partial<LiveRuleset> = {}): LiveRuleset => ({
  ...{ id: 1, name: 'deploy-staging on develop', enforcement: 'active', inForce: true, bypassActors: 0, rule },
  ...changes,
});
const found = (protection: Protection, live: Partial<LiveRules>) =>
  weaknesses(protection, rulesOf(live)).map(({ kind, detail }) => (detail === '' ? kind : `${kind} ${detail}`));

const ofClassic = declaring({ ...strict, restrictions });
const ofRuleset = declaring({ ...strict, form: 'ruleset' });
const asDeclared = declaredRule(ofClassic, actionsAppId);

describe('a branch that is protected as declared', () => {
  it.each<[string, Protection, Partial<LiveRules>]>([
    ['by classic protection', ofClassic, { classic: asDeclared }],
    ['by a ruleset', ofRuleset, { rulesets: [rulesetOf(asDeclared)] }],
    [
      'by a stronger rule',
      declaring({ otherChecks: ['build', 'lint'] }),
      { classic: { ...asDeclared, others: ['merge_queue'] } },
    ],
    [
      'by a ruleset whose bypass GitHub hides',
      ofRuleset,
      { rulesets: [rulesetOf(asDeclared, { bypassActors: undefined })] },
    ],
    [
      'by two rules together',
      ofClassic,
      {
        classic: ruleOf({ checks: checks('build'), pushers: restrictions }),
        rulesets: [rulesetOf(asDeclared, { name: 'another' })],
      },
    ],
  ])('has no weakness: %s', (_, protection, live) => {
    expect(found(protection, live)).toEqual([]);
  });
});

/** One change of the rule that is there, and what it weakens. */
const changes: readonly (readonly [string, Partial<Rule>, readonly string[]])[] = [
  ['no deploy check', { checks: checks('build', 'lint:7') }, ['required-check-missing']],
  ['an unpinned check', { checks: checks('deploy-staging', 'build', 'lint:7') }, ['required-check-unpinned']],
  ['another app', { checks: checks('deploy-staging:42', 'build', 'lint:7') }, ['required-check-other-app 42']],
  [
    'another app beside ours',
    { checks: checks('deploy-staging:15368', 'deploy-staging:42', 'build', 'lint:7') },
    ['required-check-other-app 42'],
  ],
  ['any app beside ours', { checks: checks('deploy-staging:15368', 'deploy-staging', 'build', 'lint:7') }, []],
  ['not up to date', { strict: false }, ['required-check-not-strict']],
  ['another check gone', { checks: checks('deploy-staging:15368', 'lint:7') }, ['other-check-missing build']],
  ['a pinned check gone', { checks: checks('deploy-staging:15368', 'build') }, ['other-check-missing lint:7']],
  [
    'a pinned check unpinned',
    { checks: checks('deploy-staging:15368', 'build', 'lint') },
    ['other-check-missing lint:7'],
  ],
  ['a check pinned that any app may report', { checks: checks('deploy-staging:15368', 'build:9', 'lint:7') }, []],
  [
    'one more check',
    { checks: checks('deploy-staging:15368', 'build', 'lint:7', 'ghost', 'ghost:1') },
    ['check-undeclared ghost'],
  ],
  ['force pushes', { blocksForcePush: false }, ['force-push-allowed']],
  ['deletion', { blocksDeletion: false }, ['deletion-allowed']],
  ['no reviews', { reviews: undefined }, ['reviews-missing']],
  ['weaker reviews', { reviews: { ...full.reviews, dismissStaleReviews: false } }, ['reviews-weaker']],
  ['no signatures', { signatures: false }, ['signatures-missing']],
  ['no conversations', { conversations: false }, ['conversations-missing']],
];

describe('a weakness of the rule', () => {
  it.each(changes)('is found in classic protection: %s', (_, change, expected) => {
    expect(found(ofClassic, { classic: { ...asDeclared, ...change } })).toEqual(expected);
  });

  it.each(changes)('is found in a ruleset: %s', (_, change, expected) => {
    expect(found(ofRuleset, { rulesets: [rulesetOf({ ...asDeclared, ...change })] })).toEqual(expected);
  });

  it.each(changes)('is none where another rule in force makes up for it: %s', (_, change, expected) => {
    const own = rulesetOf({ ...asDeclared, ...change });
    const more = expected.filter((kind) => kind.startsWith('check-undeclared') || kind.includes('other-app'));
    const other = rulesetOf(asDeclared, { name: 'another' });
    expect(found(ofRuleset, { rulesets: [own, other] })).toEqual(more);
    expect(found(ofRuleset, { rulesets: [own, { ...other, inForce: false }] })).toEqual(expected);
  });

  it.each<[string, Partial<Rule>, string[], string[]]>([
    ['administrators', { bindsAdmins: false }, ['admins-exempt'], []],
    ['pushers', { pushers: undefined }, ['push-restriction-missing'], []],
    ['dismissal', { dismissers: full.dismissers }, ['review-bypass'], ['review-bypass']],
    ['bypass', { bypassers: full.bypassers }, ['review-bypass'], ['review-bypass']],
    ['a lock', { others: ['lock_branch'] }, ['branch-locked'], ['branch-locked']],
    ['another switch', { others: ['block_creations'] }, [], []],
  ])('is one of classic protection alone, or beside the ruleset: %s', (_, change, alone, beside) => {
    const classic = { ...asDeclared, ...change };
    expect(found(ofClassic, { classic })).toEqual(alone);
    expect(found(ofRuleset, { classic, rulesets: [rulesetOf(asDeclared)] })).toEqual(beside);
  });

  it('is none where nothing is declared', () => {
    const plain = declaredRule(declaring(), actionsAppId);
    const classic = { ...plain, bypassers: full.bypassers, dismissers: full.dismissers };
    expect(found(declaring(), { classic })).toEqual([]);
  });

  it('is up-to-date branches only where that very rule requires the check', () => {
    const own = rulesetOf({ ...asDeclared, strict: false });
    const other = rulesetOf({ ...asDeclared, checks: checks('build', 'lint:7') }, { name: 'another' });
    expect(found(ofRuleset, { rulesets: [own, other] })).toEqual(['required-check-not-strict']);
  });

  it('is found together with all others', () => {
    expect(found(ofClassic, { classic: ruleOf({ checks: checks('deploy-staging') }) })).toEqual([
      'required-check-unpinned',
      'required-check-not-strict',
      'admins-exempt',
      'other-check-missing build',
      'other-check-missing lint:7',
      'force-push-allowed',
      'deletion-allowed',
      'reviews-missing',
      'signatures-missing',
      'conversations-missing',
      'push-restriction-missing',
    ]);
  });
});

describe('a rule that is not there', () => {
  const ours = rulesetOf(asDeclared);
  it.each<[string, Protection, Partial<LiveRules>, string[]]>([
    ['no branch', ofClassic, { branchExists: false, classic: asDeclared }, ['branch-missing']],
    ['no classic protection', ofClassic, { rulesets: [ours] }, ['protection-missing']],
    ['no ruleset', ofRuleset, { classic: asDeclared }, ['ruleset-missing']],
    ['another ruleset', ofRuleset, { rulesets: [{ ...ours, name: 'another' }] }, ['ruleset-missing']],
    [
      'a disabled one',
      ofRuleset,
      { rulesets: [{ ...ours, enforcement: 'disabled', inForce: false }] },
      ['ruleset-disabled disabled'],
    ],
    [
      'one for other branches',
      ofRuleset,
      { rulesets: [{ ...ours, inForce: false, bypassActors: 2 }] },
      ['ruleset-other-branch'],
    ],
    ['one with bypass', ofRuleset, { rulesets: [{ ...ours, bypassActors: 2 }] }, ['ruleset-bypass 2']],
  ])('is the only finding: %s', (_, protection, live, expected) => {
    expect(found(protection, live)).toEqual(expected);
  });

  it('is told from one that is', () => {
    const classic = rulesOf({ classic: asDeclared });
    const ruleset = rulesOf({ rulesets: [ours] });
    expect([classic, ruleset].map((live) => isRuleThere(ofClassic, live))).toEqual([true, false]);
    expect([classic, ruleset].map((live) => isRuleThere(ofRuleset, live))).toEqual([false, true]);
    expect(isRuleThere(ofRuleset, rulesOf({ rulesets: [{ ...ours, name: 'another' }] }))).toBe(false);
  });
});

describe('a branch that is not there', () => {
  const since = '2026-01-02T03:04:05.900Z';
  it.each<[string, Partial<LiveRules>, string | undefined, boolean]>([
    ['is there', { branchExists: true }, since, false],
    ['was never deleted', {}, since, true],
    ['was never deleted, and the stack has no rule', {}, undefined, true],
    ['was deleted before', { branchDeletedAt: '2026-01-02T03:04:04Z' }, since, true],
    ['was deleted in the same second', { branchDeletedAt: '2026-01-02T03:04:05Z' }, since, false],
    ['was deleted later', { branchDeletedAt: '2026-01-02T03:04:06Z' }, since, false],
    ['was deleted, and the stack has no rule', { branchDeletedAt: '2026-01-02T03:04:04Z' }, undefined, false],
    ['is not to be asked for', { branchDeletedAt: 'unknown' }, since, false],
  ])('%s', (_, live, ruleSince, expected) => {
    expect(wasNeverThere(rulesOf({ branchExists: false, ...live }), ruleSince)).toBe(expected);
  });
});
