import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

const develop = { owner, repo, branch: 'develop' };
const path = '/repos/{owner}/{repo}/branches/{branch}/protection';
const actionsApp = 15368;

/** The least that GitHub takes. */
const nothing = {
  required_status_checks: null,
  enforce_admins: null,
  required_pull_request_reviews: null,
  restrictions: null,
};

let world: World;

beforeEach(async () => {
  world = await startWorld({
    protection: {
      develop: {
        statusChecks: { strict: false, checks: [{ context: 'lint', app_id: null }] },
        reviews: {
          dismissStale: true,
          codeOwners: true,
          lastPushApproval: false,
          count: 2,
          dismissal: null,
          bypass: null,
        },
        linearHistory: true,
        lockBranch: true,
        signatures: true,
      },
    },
    checks: { develop: { 'deploy-staging': 'success' } },
  });
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

async function put(body: object) {
  const { data } = await world.octokit.request(`PUT ${path}`, { ...develop, ...nothing, ...body });
  return data;
}

async function read() {
  const { data } = await world.octokit.request(`GET ${path}`, develop);
  return data;
}

describe('classic protection', () => {
  it('shows what was seeded', async () => {
    expect(await read()).toMatchObject({
      required_status_checks: { strict: false, contexts: ['lint'], checks: [{ context: 'lint', app_id: null }] },
      required_pull_request_reviews: { required_approving_review_count: 2, require_code_owner_reviews: true },
      enforce_admins: { enabled: false },
      required_linear_history: { enabled: true },
      lock_branch: { enabled: true },
      required_signatures: { enabled: true },
    });
  });

  it('is replaced whole by a PUT: what the body leaves out is off, but for the signatures', async () => {
    await put({
      required_status_checks: { strict: true, checks: [{ context: 'deploy-staging', app_id: actionsApp }] },
      enforce_admins: true,
    });
    const protection = await read();
    expect(protection).toMatchObject({
      required_status_checks: { strict: true, checks: [{ context: 'deploy-staging', app_id: actionsApp }] },
      enforce_admins: { enabled: true },
      required_linear_history: { enabled: false },
      allow_force_pushes: { enabled: false },
      allow_deletions: { enabled: false },
      lock_branch: { enabled: false },
      required_signatures: { enabled: true },
    });
    expect(protection).not.toHaveProperty('required_pull_request_reviews');
    expect(world.log.at(-2)?.effects).toEqual(['protection develop']);
  });

  it.each([
    ['any app by -1', -1, null],
    ['a named app', 1, 1],
    ['the app that reported the check before when none is named', undefined, actionsApp],
  ])('pins a check to %s', async (_what, app_id, kept) => {
    const check = { context: 'deploy-staging', ...(app_id !== undefined && { app_id }) };
    await put({ required_status_checks: { strict: true, checks: [check] } });
    expect((await read()).required_status_checks?.checks).toEqual([{ context: 'deploy-staging', app_id: kept }]);
  });

  it('leaves a check open that no app has reported yet', async () => {
    await put({ required_status_checks: { strict: true, contexts: ['new'] } });
    expect((await read()).required_status_checks?.checks).toEqual([{ context: 'new', app_id: null }]);
  });

  it('names users, teams and apps, and drops whom it does not know', async () => {
    await put({
      restrictions: { users: ['maintainer', 'nobody'], teams: ['platform', 'none'], apps: ['github-actions'] },
      required_pull_request_reviews: {
        dismissal_restrictions: { users: ['maintainer'], teams: ['platform'] },
        bypass_pull_request_allowances: { users: [], teams: ['platform'], apps: [] },
      },
    });
    const { restrictions, required_pull_request_reviews: reviews } = await read();
    expect(restrictions?.users.map(({ login }) => login)).toEqual(['maintainer']);
    expect(restrictions?.teams.map(({ slug }) => slug)).toEqual(['platform']);
    expect(restrictions?.apps.map(({ slug }) => slug)).toEqual(['github-actions']);
    expect(reviews?.dismissal_restrictions?.users?.map(({ login }) => login)).toEqual(['maintainer']);
    expect(reviews?.bypass_pull_request_allowances?.teams?.map(({ slug }) => slug)).toEqual(['platform']);
    expect(reviews).toMatchObject({ required_approving_review_count: 1, dismiss_stale_reviews: false });
  });

  it.each([
    ['a part that is missing', { owner, repo, branch: 'develop', enforce_admins: true }, /weren't supplied/],
    [
      'checks and contexts at once',
      { ...nothing, required_status_checks: { strict: true, contexts: [], checks: [] } },
      /oneOf/,
    ],
    ['neither checks nor contexts', { ...nothing, required_status_checks: { strict: true } }, /anyOf/],
    [
      'too many reviews',
      { ...nothing, required_pull_request_reviews: { required_approving_review_count: 7 } },
      /count/,
    ],
    [
      'an app id that is no number',
      { ...nothing, required_status_checks: { strict: true, checks: [{ context: 'a', app_id: 'x' }] } },
      /app_id/,
    ],
  ])('refuses %s', async (_what, body, message) => {
    const call = world.octokit.request(`PUT ${path}`, { ...develop, ...(body as unknown as typeof nothing) });
    const refused = await refusal(call);
    expect(refused.status).toBe(422);
    expect(refused.message).toMatch(message);
    expect((await read()).required_linear_history).toEqual({ enabled: true });
  });

  it('knows the branch and the protection that are not there by the words that clients look for', async () => {
    const missing = world.octokit.request(`GET ${path}`, { ...develop, branch: 'nowhere' });
    expect(await refusal(missing)).toEqual({ status: 404, message: 'Branch not found' });
    const open = world.octokit.request(`GET ${path}`, { ...develop, branch: 'main' });
    expect(await refusal(open)).toEqual({ status: 404, message: 'Branch not protected' });
    const gone = world.octokit.request(`DELETE ${path}`, { ...develop, branch: 'main' });
    expect(await refusal(gone)).toMatchObject({ status: 404 });
  });

  it('changes parts by themselves', async () => {
    await world.octokit.request(`DELETE ${path}/required_signatures`, develop);
    await world.octokit.request(`DELETE ${path}/required_pull_request_reviews`, develop);
    await world.octokit.request(`POST ${path}/enforce_admins`, develop);
    await world.octokit.request(`PATCH ${path}/required_status_checks`, {
      ...develop,
      checks: [{ context: 'deploy-staging', app_id: actionsApp }],
    });
    const protection = await read();
    expect(protection).toMatchObject({
      required_signatures: { enabled: false },
      enforce_admins: { enabled: true },
      required_linear_history: { enabled: true },
      required_status_checks: { strict: false, checks: [{ context: 'deploy-staging', app_id: actionsApp }] },
    });
    expect(protection).not.toHaveProperty('required_pull_request_reviews');
    await world.octokit.request(`POST ${path}/required_signatures`, develop);
    const { data } = await world.octokit.request(`GET ${path}/required_signatures`, develop);
    expect(data.enabled).toBe(true);
  });

  it('is gone after DELETE, and the branch says so', async () => {
    await world.octokit.request(`DELETE ${path}`, develop);
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', develop);
    expect(data.protected).toBe(false);
    const { data: branches } = await world.octokit.request('GET /repos/{owner}/{repo}/branches', {
      owner,
      repo,
      protected: true,
    });
    expect(branches).toEqual([]);
  });

  it('cannot be changed with a token that may only read', async () => {
    const call = world.reader.request(`PUT ${path}`, { ...develop, ...nothing });
    expect(await refusal(call)).toMatchObject({ status: 403 });
  });
});
