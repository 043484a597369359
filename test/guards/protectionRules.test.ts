import { describe, expect, it } from '@jest/globals';
import { keepingLive, lostRules, lostSettings, unkeepable } from '../../guards/protectionRules.ts';
import type { LiveProtection } from '../../services/github/github.ts';
import type { RulesetContent } from '../../services/githubRules.ts';
import type { Settings } from '../../settings/settings.ts';

const declared: Settings['github']['protection'] = {
  branch: 'develop',
  form: 'classic',
  otherChecks: [],
  requireSignedCommits: false,
  requireConversationResolution: false,
  removals: 'refuse',
};

const live: LiveProtection = {
  requiredChecks: [
    { context: 'build', appId: null },
    { context: 'lint', appId: 15368 },
    { context: 'deploy-staging', appId: null },
  ],
  strict: false,
  reviews: {
    dismissStaleReviews: true,
    requireCodeOwnerReviews: false,
    requireLastPushApproval: false,
    requiredApprovingReviewCount: 2,
    hasExceptions: false,
  },
  restrictions: { users: ['octocat'], teams: [], apps: [] },
  enforceAdmins: false,
  switches: ['required_signatures', 'required_conversation_resolution'],
};

describe('the live protection of a branch', () => {
  it('is lost where the declaration is silent, each setting by name', () => {
    expect(lostSettings(declared, live)).toEqual([
      'the required check build',
      'the required check lint:15368',
      'required pull request reviews',
      'restrictions on who may push',
      'signed commits',
      'conversation resolution',
    ]);
  });

  it('is kept whole by the settings that adoption writes', () => {
    const kept = keepingLive(declared, live);
    expect(lostSettings(kept, live)).toEqual([]);
    expect(kept).toEqual({
      branch: 'develop',
      form: 'classic',
      otherChecks: ['build', 'lint:15368'],
      requiredPullRequestReviews: {
        dismissStaleReviews: true,
        requireCodeOwnerReviews: false,
        requireLastPushApproval: false,
        requiredApprovingReviewCount: 2,
      },
      restrictions: { users: ['octocat'], teams: [], apps: [] },
      requireSignedCommits: true,
      requireConversationResolution: true,
      removals: 'refuse',
    });
  });

  it('leaves stronger settings of the declaration as they are', () => {
    const stronger = { ...declared, requireSignedCommits: true, otherChecks: ['audit'] };
    const none: LiveProtection = { requiredChecks: [], strict: false, enforceAdmins: false, switches: [] };
    expect(keepingLive(stronger, none)).toEqual(stronger);
  });

  it('cannot be kept by classic protection where the provider has no word for a setting', () => {
    expect(
      unkeepable({ ...live, switches: ['required_linear_history', 'lock_branch', 'required_signatures'] }),
    ).toEqual(['required linear history', 'lock branch']);
    expect(unkeepable({ ...live, ...(live.reviews && { reviews: { ...live.reviews, hasExceptions: true } }) })).toEqual(
      ['people who may dismiss or bypass reviews'],
    );
    expect(unkeepable(live)).toEqual([]);
  });

  const reviews = { dismissStaleReviews: true, requiredApprovingReviewCount: 2 };
  const restrictions = { users: ['octocat'], teams: [], apps: [] };
  const rest = {
    requireSignedCommits: true,
    requireConversationResolution: true,
    otherChecks: ['build', 'lint:15368'],
  };

  it.each<[string, Partial<LiveProtection['reviews'] & object>, string[]]>([
    ['fewer approvals', { requiredApprovingReviewCount: 3 }, ['3 approving reviews']],
    ['no code owners', { requireCodeOwnerReviews: true }, ['reviews by code owners']],
    ['no approval of the last push', { requireLastPushApproval: true }, ['approval of the last push']],
  ])('is lost where declared reviews ask for less: %s', (_, stricter, expected) => {
    const there = { ...live, ...(live.reviews && { reviews: { ...live.reviews, ...stricter } }) };
    const weaker = { ...declared, ...rest, restrictions, requiredPullRequestReviews: reviews };
    expect(lostSettings(weaker, there)).toEqual(expected);
    expect(lostSettings(keepingLive(weaker, there), there)).toEqual([]);
  });

  it('is lost where somebody else may push than is declared', () => {
    const other = {
      ...declared,
      ...rest,
      requiredPullRequestReviews: reviews,
      restrictions: { ...restrictions, users: ['hubot'] },
    };
    expect(lostSettings(other, live)).toEqual(['the users who may push']);
    expect(lostSettings(keepingLive(other, live), live)).toEqual([]);
  });
});

describe('the live ruleset of this project', () => {
  const own: RulesetContent = {
    conditions: { ref_name: { include: ['refs/heads/develop'], exclude: [] } },
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: 'deploy-staging', integration_id: 15368 }],
        },
      },
    ],
  };
  const stronger: RulesetContent = {
    conditions: { ref_name: { include: ['refs/heads/develop', 'refs/heads/main'], exclude: [] } },
    rules: [
      ...own.rules.slice(0, 2),
      { type: 'required_signatures' },
      { type: 'required_linear_history' },
      {
        type: 'required_status_checks',
        parameters: {
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
          required_approving_review_count: 2,
          dismiss_stale_reviews_on_push: true,
          required_review_thread_resolution: true,
        },
      },
    ],
  };

  it('loses nothing to a declaration of the same', () => {
    expect(lostRules(declared, own)).toEqual([]);
  });

  it('is lost where the declaration is silent, each rule by name', () => {
    expect(lostRules(declared, stronger)).toEqual([
      'the required check build',
      'the required check lint:7',
      'required pull request reviews',
      'signed commits',
      'conversation resolution',
      'required linear history',
      'refs/heads/main',
    ]);
  });

  it('is lost where the declared reviews are weaker', () => {
    const weaker = { ...declared, otherChecks: ['build', 'lint:7'], requireSignedCommits: true };
    const reviews = { requiredApprovingReviewCount: 1, dismissStaleReviews: true };
    const full = { ...weaker, requireConversationResolution: true, requiredPullRequestReviews: reviews };
    expect(lostRules(full, stronger)).toEqual(['2 approving reviews', 'required linear history', 'refs/heads/main']);
  });
});
