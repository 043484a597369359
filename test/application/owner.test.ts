import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { planAdoption } from '../../adoption/plan.ts';
import { githubToken } from '../../commands/doctor/github.ts';
import { openStaging } from '../../deploys/stagingServices.ts';
import { protection as protectionDrift } from '../../commands/drift/checks/protection.ts';
import { githubTokens, seedGitHub, type GitHubSeed } from '../../sandbox/standIns/github/index.ts';
import { branchRulesets, listRulesets, readClassic, writeRuleset } from '../../protection/github.ts';
import { githubApi, listSecrets } from '../../services/github/github.ts';
import { readOwnership } from '../../services/github/owner.ts';
import { sealSecret } from '../../services/github/writes.ts';
import { ServiceError } from '../../services/door/http.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import type { Settings } from '../../settings/settings.ts';
import { owner, repo, startWorld, type World } from '../sandbox/standIns/github/world.ts';
import { fixtureRoot } from '../support/fixture.ts';

const name = { owner, repository: repo };
const environment = { ...process.env };
let world: World;
jest.setTimeout(60_000);
beforeAll(async () => {
  world = await startWorld({ ownedByUser: true });
  process.env = { ...environment, GITHUB_BASE_URL: `${world.url}/`, GITHUB_OWNER: owner };
  process.env.GITHUB_TOKEN = githubTokens(world.stateDir).write;
});
afterEach(() => {
  process.env.GITHUB_TOKEN = githubTokens(world.stateDir).write;
});
afterAll(async () => {
  process.env = environment;
  const violations = world.violations();
  await world.close();
  expect(violations).toEqual([]);
});
const seed = (given: GitHubSeed) => seedGitHub(world.stateDir, given);
const declared = fileSettings(fixtureRoot, 'staging');
const protection = (more: Partial<Settings['github']['protection']> = {}) => ({
  ...declared.github.protection,
  form: 'classic' as const,
  requiredPullRequestReviews: { requiredApprovingReviewCount: 0 },
  ...more,
});

describe('a repository of a user, as GitHub answers for one', () => {
  it('is no organization, and says whose it is', async () => {
    seed({ ownedByUser: true });
    await expect(world.octokit.request('GET /orgs/{org}', { org: owner })).rejects.toMatchObject({ status: 404 });
    const { data } = await world.octokit.request('GET /users/{username}', { username: owner });
    expect(data.type).toBe('User');
    expect(await readOwnership(githubApi(), name)).toEqual({ owner: 'User', writers: 1, archived: false });
    seed({});
    expect(await readOwnership(githubApi(), name)).toEqual({ owner: 'Organization', writers: 3, archived: false });
  });

  it('takes no restrictions on pushes and no merge queue', async () => {
    seed({ ownedByUser: true });
    const rule = { required_status_checks: null, enforce_admins: true, required_pull_request_reviews: null };
    const at = { owner, repo, branch: 'develop', ...rule };
    const put = (restrictions: { users: string[]; teams: string[] } | null) =>
      world.octokit.request('PUT /repos/{owner}/{repo}/branches/{branch}/protection', { ...at, restrictions });
    await expect(put({ users: [owner], teams: [] })).rejects.toMatchObject({ status: 422 });
    await expect(put(null)).resolves.toMatchObject({ status: 200 });
    const queue = { name: 'queue', target: 'branch', enforcement: 'active', rules: [{ type: 'merge_queue' }] };
    await expect(writeRuleset(githubApi(), name, undefined, queue)).rejects.toMatchObject({ status: 422 });
  });

  it('takes the secrets and the ruleset of this project', async () => {
    seed({ ownedByUser: true });
    const api = githubApi();
    await sealSecret(api, name, undefined, 'NETLIFY_AUTH_TOKEN', 'made up');
    expect((await listSecrets(api, name)).map((secret) => secret.name)).toEqual(['NETLIFY_AUTH_TOKEN']);
    const id = await writeRuleset(api, name, undefined, {
      name: 'deploy-staging on develop',
      target: 'branch',
      enforcement: 'active',
      bypass_actors: [],
      conditions: { ref_name: { include: ['refs/heads/develop'], exclude: [] } },
      rules: [
        { type: 'deletion' },
        { type: 'non_fast_forward' },
        {
          type: 'required_status_checks',
          parameters: {
            strict_required_status_checks_policy: true,
            required_status_checks: [{ context: 'deploy-staging', integration_id: 15368 }, { context: 'build' }],
          },
        },
        {
          type: 'pull_request',
          parameters: {
            dismiss_stale_reviews_on_push: false,
            require_code_owner_review: false,
            require_last_push_approval: false,
            required_approving_review_count: 0,
            required_review_thread_resolution: false,
          },
        },
      ],
    });
    expect(await listRulesets(api, name)).toMatchObject([{ id, name: 'deploy-staging on develop' }]);
    const rulesets = await branchRulesets(api, name, 'develop', undefined);
    const live = {
      branchExists: true,
      actionsAppId: 15368,
      classic: await readClassic(api, name, 'develop'),
      rulesets,
    };
    expect(protectionDrift(protection({ form: 'ruleset' }), live)).toEqual([]);
  });
});

describe('what is refused for the owner of the repository', () => {
  const alone = { owner: 'User', writers: 1 } as const;

  it('stops adoption before anything is imported', () => {
    const existing = {
      ...{ siteId: 's', teamId: 't', variables: [], protection: undefined },
      places: { list: () => [], environments: new Set<string>(), notChecked: [] },
      ...{ rulesets: [], ownership: alone },
    };
    const withForm = (form: 'classic' | 'ruleset') => ({
      ...declared,
      github: { ...declared.github, protection: protection({ form }) },
    });
    expect(planAdoption(withForm('classic'), existing, new Set()).problems).toEqual([
      expect.stringContaining('form to ruleset'),
    ]);
    expect(planAdoption(withForm('ruleset'), existing, new Set()).problems).toEqual([]);
  });
});

describe('a private repository on a free plan', () => {
  it('is told apart from a bad token, by every read of its rules', async () => {
    seed({ ownedByUser: true, freePlan: true });
    const api = githubApi();
    for (const read of [
      () => readClassic(api, name, 'develop'),
      () => listRulesets(api, name),
      () => branchRulesets(api, name, 'develop', undefined),
    ]) {
      const error: unknown = await read().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(ServiceError);
      expect(error).toMatchObject({
        status: 403,
        kind: 'plan',
        message: expect.stringContaining('The token is not the cause'),
      });
    }
    expect((await listSecrets(api, name)).length).toBe(0);
    await expect(githubToken(openStaging('staging'))).rejects.toThrow('The token is not the cause');
  });

  it('and a token that may only read is still one', async () => {
    seed({ ownedByUser: true });
    process.env.GITHUB_TOKEN = githubTokens(world.stateDir).read;
    const error: unknown = await sealSecret(githubApi(), name, undefined, 'A', 'b').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 403, kind: 'status', message: expect.stringContaining('Set GITHUB_TOKEN') });
  });
});
