import { sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import {
  githubAppToken,
  installGithubApp,
  seedGitHub,
  updateGitHub,
} from '../../../../sandbox/standIns/github/index.ts';
import type { Permissions } from '../../../../sandbox/standIns/github/records.ts';
import { owner, refusal, repo, startWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => (world = await startWorld({ secrets: { OLD_SECRET: 'made up' } })));
afterEach(async () => {
  const violations = world.violations();
  await world.close();
  expect(violations).toEqual([]);
});

const client = (auth?: string) => new Octokit({ auth, baseUrl: `${world.url}/api/v3` });
const secrets = 'GET /repos/{owner}/{repo}/actions/secrets';
const reading = { secrets: 'read', contents: 'read' } as const;
const ofApp = (permissions: Permissions = reading, change = {}) =>
  client(githubAppToken(world.stateDir, permissions, change));

/** An app in the repository, and Octokit's own way to sign in as it, which the action of the workflows uses. */
function app(permissions: Permissions) {
  const { clientId, privateKey } = installGithubApp(world.stateDir, permissions);
  const octokit = client();
  return {
    clientId,
    privateKey,
    auth: createAppAuth({ appId: clientId, privateKey, request: octokit.request }),
    octokit,
  };
}

async function installed(permissions: Permissions) {
  const made = app(permissions);
  const { data } = await made.octokit.request('GET /repos/{owner}/{repo}/installation', {
    owner,
    repo,
    request: { hook: made.auth.hook.bind(made.auth) },
  });
  return { ...made, installation: data };
}

describe('an app', () => {
  it('signs in by its key, gets a token of an hour for its repository, and ends it', async () => {
    const { auth, installation } = await installed({ secrets: 'write' });
    expect(installation.permissions).toEqual({ metadata: 'read', secrets: 'write' });
    const made = await auth({ type: 'installation', installationId: installation.id, repositoryNames: [repo] });
    expect(made.token).toMatch(/^ghs_\d+_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(3_500_000);
    const octokit = client(made.token);
    expect((await octokit.request(secrets, { owner, repo })).data.total_count).toBe(1);
    const { data } = await octokit.request('GET /installation/repositories');
    expect(data.repositories.map(({ full_name: name }) => name)).toEqual([`${owner}/${repo}`]);
    expect((await octokit.request('DELETE /installation/token')).status).toBe(204);
    expect(await refusal(octokit.request(secrets, { owner, repo }))).toEqual({
      status: 401,
      message: 'Bad credentials',
    });
  });

  it('gets no right and no repository that its installation has not', async () => {
    const { auth, installation } = await installed({ secrets: 'read' });
    const ask = (more: object) => refusal(auth({ type: 'installation', installationId: installation.id, ...more }));
    expect(await ask({ permissions: { secrets: 'write' } })).toEqual({
      status: 422,
      message: 'The permissions requested are not granted to this installation.',
    });
    expect((await ask({ repositoryNames: ['another'] })).status).toBe(422);
    const less = await auth({
      type: 'installation',
      installationId: installation.id,
      permissions: { metadata: 'read' },
    });
    expect((await refusal(client(less.token).request(secrets, { owner, repo }))).status).toBe(403);
  });

  it('is not known by another key, by a signature that is over or far off, or where it is not installed', async () => {
    const one = app(reading);
    const two = app(reading);
    const now = Math.floor(Date.now() / 1000);
    const ask = (key: string, iat: number, exp: number) => {
      const part = (said: object) => Buffer.from(JSON.stringify(said)).toString('base64url');
      const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iss: one.clientId, iat, exp })}`;
      const signed = sign('RSA-SHA256', Buffer.from(text), key).toString('base64url');
      return client(`${text}.${signed}`).request('GET /repos/{owner}/{repo}/installation', { owner, repo });
    };
    expect((await ask(one.privateKey, now - 60, now + 500)).status).toBe(200);
    for (const [key, iat, exp] of [
      [two.privateKey, now - 60, now + 500],
      [one.privateKey, now - 600, now - 60],
      [one.privateKey, now - 60, now + 3600],
      [one.privateKey, now + 300, now + 500],
    ] as const)
      expect((await refusal(ask(key, iat, exp))).status).toBe(401);
    updateGitHub(world.stateDir, (state) => {
      state.apps = state.apps.map(({ id, slug, name, clientId = '', publicKey = '' }) => ({
        id,
        slug,
        name,
        clientId,
        publicKey,
      }));
    });
    expect((await refusal(ask(one.privateKey, now - 60, now + 500))).status).toBe(404);
  });
});

describe('an app’s token', () => {
  it.each([
    ['GET /repos/{owner}/{repo}/actions/variables', 'actions_variables=read'],
    ['GET /repos/{owner}/{repo}/environments', 'actions=read'],
    ['GET /repos/{owner}/{repo}/environments/staging/secrets', 'environments=read'],
    ['GET /repos/{owner}/{repo}/branches/main/protection', 'administration=read'],
    ['GET /repos/{owner}/{repo}/commits/main/check-runs', 'checks=read'],
    ['GET /repos/{owner}/{repo}/deployments', 'deployments=read'],
    ['DELETE /repos/{owner}/{repo}/actions/secrets/OLD_SECRET', 'secrets=write'],
    ['PUT /repos/{owner}/{repo}/environments/staging', 'administration=write'],
  ])('may not %s without %s, and is told which right that takes', async (route, wanted) => {
    const error: unknown = await ofApp()
      .request(route, { owner, repo })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      status: 403,
      response: {
        headers: { 'x-accepted-github-permissions': wanted },
        data: { message: 'Resource not accessible by integration' },
      },
    });
  });

  it('reads what it has the right to, and what everybody may', async () => {
    const octokit = ofApp();
    for (const route of [secrets, 'GET /repos/{owner}/{repo}', 'GET /repos/{owner}/{repo}/branches'])
      expect((await octokit.request(route, { owner, repo })).status).toBe(200);
    const { data } = await octokit.request('GET /repos/{owner}/{repo}', { owner, repo });
    expect(data.permissions).toEqual({ admin: false, push: false, pull: false });
  });

  it('is nobody’s: there is no user behind it', async () => {
    expect(await refusal(ofApp().request('GET /user'))).toEqual({
      status: 403,
      message: 'Resource not accessible by integration',
    });
    expect((await refusal(world.octokit.request('GET /installation/repositories'))).status).toBe(403);
  });

  it('does not see another repository, and does not work after its hour', async () => {
    seedGitHub(world.stateDir, { repository: { owner, name: 'another' } });
    const hidden = ofApp().request('GET /repos/{owner}/{repo}', { owner, repo: 'another' });
    expect((await refusal(hidden)).status).toBe(404);
    const over = ofApp(reading, { expiresAt: new Date(Date.now() - 1000).toISOString() });
    expect((await refusal(over.request(secrets, { owner, repo }))).status).toBe(401);
  });
});
