import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { githubTokens, seedGitHub, updateGitHub } from '../../../../sandbox/standIns/github/index.ts';
import { RateLimit, hourlyLimit } from '../../../../sandbox/standIns/github/access.ts';
import { Router } from '../../../../sandbox/standIns/github/router.ts';
import { owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

const repository = { owner, repo };

let world: World;

beforeEach(async () => {
  world = await startWorld();
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `token ${githubTokens(world.stateDir).write}`;
  return fetch(world.url + path, { headers: { authorization, ...headers } });
}

describe('the service', () => {
  it('knows repository, organization, people and the app by their names', async () => {
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}', { owner: 'Allincompassing', repo });
    expect(data).toMatchObject({ full_name: `${owner}/${repo}`, default_branch: 'main', permissions: { admin: true } });
    const { data: organization } = await world.octokit.request('GET /orgs/{org}', { org: owner });
    expect(organization.id).toBe(data.owner.id);
    expect((await world.octokit.request('GET /users/{username}', { username: 'maintainer' })).data.type).toBe('User');
    expect((await world.octokit.request('GET /apps/{app_slug}', { app_slug: 'github-actions' })).data?.id).toBe(15368);
  });

  it('answers with and without the prefix of an Enterprise Server, and builds its URLs alike', async () => {
    const bare = (await (await get(`/repos/${owner}/${repo}`)).json()) as { url: string };
    const prefixed = (await (await get(`/api/v3/repos/${owner}/${repo}`)).json()) as { url: string };
    expect([bare.url, prefixed.url]).toEqual([
      `${world.url}/repos/${owner}/${repo}`,
      `${world.url}/api/v3/repos/${owner}/${repo}`,
    ]);
  });

  it('answers 304 to the tag of what has not changed, and anew once it has', async () => {
    const path = `/repos/${owner}/${repo}/branches`;
    const first = await get(path);
    const etag = first.headers.get('etag') ?? '';
    const again = await get(path, { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect(again.headers.get('x-ratelimit-used')).toBe('2');
    updateGitHub(world.stateDir, (state) => {
      state.repositories[0]?.branches.push({ name: 'feat/one', sha: 'a'.repeat(40) });
    });
    expect((await get(path, { 'if-none-match': etag })).status).toBe(200);
    expect((await get(path)).headers.get('x-ratelimit-used')).toBe('3');
  });

  it('sends a request id and what is left of the hour’s requests', async () => {
    const headers = (await get('/user')).headers;
    expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F]{4}(:[0-9A-F]+){4}$/);
    expect(headers.get('x-ratelimit-remaining')).toBe(String(hourlyLimit - 1));
    expect(Number(headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  });

  it('answers 404 to what it does not have, and 400 to a body that is not JSON', async () => {
    expect((await get('/no/such/thing')).status).toBe(404);
    expect(await refusal(world.octokit.request('GET /repos/{owner}/{repo}', { owner, repo: 'other' }))).toEqual({
      status: 404,
      message: 'Not Found',
    });
    const broken = await fetch(`${world.url}/repos/${owner}/${repo}/rulesets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${githubTokens(world.stateDir).write}` },
      body: '{"name":',
    });
    expect([broken.status, ((await broken.json()) as { message: string }).message]).toEqual([
      400,
      'Problems parsing JSON',
    ]);
    world.exchanges.length = 0; // the unknown path is in no description
  });

  it('finds a branch whose name has a slash, and replaces a repository that is seeded again', async () => {
    seedGitHub(world.stateDir, { branches: ['main', 'feat/one'] });
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', {
      ...repository,
      branch: 'feat/one',
    });
    expect(data.name).toBe('feat/one');
    const { data: all } = await world.octokit.request('GET /repos/{owner}/{repo}/branches', repository);
    expect(all.map(({ name }) => name)).toEqual(['main', 'feat/one']);
  });

  it('meets faults by rule', async () => {
    world.faults.set([
      { service: 'github', method: 'GET', path: '/user$', times: 1, status: 502, body: 'Bad gateway' },
    ]);
    expect((await get('/user')).status).toBe(502);
    expect((await get('/user')).status).toBe(200);
  });
});

describe('RateLimit', () => {
  it('ends with the last request of the hour, each token for itself', () => {
    const rates = new RateLimit();
    for (let request = 0; request < hourlyLimit; request += 1) expect(rates.count('one').exceeded).toBe(false);
    expect(rates.count('one')).toMatchObject({ exceeded: true, headers: { 'x-ratelimit-remaining': '0' } });
    expect(rates.count('other').exceeded).toBe(false);
  });
});

describe('Router', () => {
  it('prefers literal parts whatever the order', () => {
    const named = () => ({ status: 200 });
    const literal = () => ({ status: 201 });
    const router = new Router({ 'GET /secrets/:name': named, 'GET /secrets/public-key': literal });
    expect(router.match('GET', '/secrets/public-key')?.handler).toBe(literal);
    expect(router.match('GET', '/secrets/a%2Fb')).toEqual({
      handler: named,
      path: '/secrets/:name',
      params: { name: 'a/b' },
    });
    expect(router.match('PUT', '/secrets/public-key')).toBeUndefined();
    expect(router.match('GET', '/secrets/%')?.params).toEqual({ name: '%' });
  });
});
