import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { githubSecrets, githubTokens, updateGitHub } from '../../../../sandbox/standIns/github/index.ts';
import { madeUpValue, owner, refusal, repo, seal, startWorld } from './world.ts';
import type { World } from './world.ts';

const repository = { owner, repo };
const secretPath = 'PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}';
const environmentSecretPath = '/repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}';

let world: World;

beforeEach(async () => {
  world = await startWorld({ secrets: { OLD_SECRET: 'left over' }, environments: { staging: {} } });
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

async function put(name: string, value: string): Promise<number> {
  const { data: key } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/secrets/public-key', repository);
  const encrypted_value = await seal(value, key.key);
  const { status } = await world.octokit.request(secretPath, {
    ...repository,
    secret_name: name,
    encrypted_value,
    key_id: key.key_id,
  });
  return status;
}

describe('repository secrets', () => {
  it.each([
    'simple',
    '',
    '-----BEGIN KEY-----\nline\r\nline\n\n-----END KEY-----\n',
    'ünïcödé \u{1F511} "quoted" \\ $x',
  ])('holds what was sealed, byte for byte (%j)', async (value) => {
    expect(await put('SLACK_WEBHOOK_URL', value)).toBe(201);
    expect(githubSecrets(world.stateDir)).toContainEqual({
      scope: 'repository',
      name: 'SLACK_WEBHOOK_URL',
      value,
      createdAt: expect.any(String) as unknown as string,
      updatedAt: expect.any(String) as unknown as string,
    });
  });

  it('answers 204 to an update and moves updated_at alone', async () => {
    await put('NETLIFY_AUTH_TOKEN', 'first');
    const before = await read('NETLIFY_AUTH_TOKEN');
    expect(await put('NETLIFY_AUTH_TOKEN', 'second')).toBe(204);
    const after = await read('NETLIFY_AUTH_TOKEN');
    expect(after.created_at).toBe(before.created_at);
    expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
    expect(world.log.map(({ effects }) => effects).filter(({ length }) => length > 0)).toEqual([
      ['secret NETLIFY_AUTH_TOKEN'],
      ['secret NETLIFY_AUTH_TOKEN'],
    ]);
  });

  it('never tells a value: not in a reply, not in the log, and keeps it in a file for its owner alone', async () => {
    const value = madeUpValue();
    await put('SLACK_WEBHOOK_URL', value);
    await read('SLACK_WEBHOOK_URL');
    await world.octokit.request('GET /repos/{owner}/{repo}/actions/secrets', repository);
    const told = JSON.stringify([world.log, world.exchanges.map(({ reply }) => reply)]);
    expect(told).not.toContain(value);
    expect(told).not.toContain(Buffer.from(value).toString('base64'));
    const file = join(world.stateDir, 'github.json');
    expect(readFileSync(file, 'utf8')).toContain(value);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('lists by pages', async () => {
    await put('SECOND_SECRET', 'value');
    const { data, headers } = await world.octokit.request('GET /repos/{owner}/{repo}/actions/secrets', {
      ...repository,
      per_page: 1,
    });
    expect(data.total_count).toBe(2);
    expect(data.secrets.map(({ name }) => name)).toEqual(['OLD_SECRET']);
    expect(headers.link).toContain('page=2>; rel="next"');
  });

  it('keeps names in upper case and finds them in any', async () => {
    await put('lower_case', 'value');
    expect((await read('Lower_Case')).name).toBe('LOWER_CASE');
  });

  it('deletes, and answers 404 from then on', async () => {
    const path = 'DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}';
    await world.octokit.request(path, { ...repository, secret_name: 'OLD_SECRET' });
    expect(githubSecrets(world.stateDir)).toEqual([]);
    expect(await refusal(read('OLD_SECRET'))).toMatchObject({ status: 404, message: 'Not Found' });
    expect(await refusal(world.octokit.request(path, { ...repository, secret_name: 'OLD_SECRET' }))).toMatchObject({
      status: 404,
    });
  });

  it.each([
    ['GITHUB_TOKEN', 'Secret names'],
    ['1ST', 'Secret names'],
    ['WITH-DASH', 'Secret names'],
  ])('refuses the name %s', async (name, message) => {
    const { status, message: told } = await refusal(put(name, 'value'));
    expect(status).toBe(422);
    expect(told).toContain(message);
  });

  it('takes 100 of them; one that is there can still change', async () => {
    updateGitHub(world.stateDir, ({ repositories: [repository] }) => {
      const at = '2026-01-01T00:00:00Z';
      for (let index = 1; index < 100; index += 1)
        repository?.secrets.push({ name: `FILLER_${index}`, value: 'v', createdAt: at, updatedAt: at });
    });
    const { status, message } = await refusal(put('ONE_MORE', 'value'));
    expect([status, message]).toEqual([422, 'Maximum of 100 secrets reached']);
    expect(await put('OLD_SECRET', 'value')).toBe(204);
  });

  it('refuses what was sealed for another key, under another key id, or not at all', async () => {
    await put('OLD_SECRET', 'kept');
    const { data: key } = await world.octokit.request(
      'GET /repos/{owner}/{repo}/actions/secrets/public-key',
      repository,
    );
    const foreign = Buffer.alloc(32, 7).toString('base64');
    const attempts = [
      { encrypted_value: await seal('value', foreign), key_id: key.key_id },
      { encrypted_value: await seal('value', key.key), key_id: '1' },
      { encrypted_value: 'not base64!', key_id: key.key_id },
      { encrypted_value: '', key_id: key.key_id },
      { encrypted_value: await seal('x'.repeat(48 * 1024 + 1), key.key), key_id: key.key_id },
    ];
    for (const attempt of attempts) {
      const call = world.octokit.request(secretPath, { ...repository, secret_name: 'OLD_SECRET', ...attempt });
      expect((await refusal(call)).status).toBe(422);
    }
    expect(githubSecrets(world.stateDir).map(({ value }) => value)).toEqual(['kept']);
  });
});

describe('environment secrets', () => {
  it('are sealed for a key of the environment, not for the repository’s', async () => {
    const { data: key } = await world.octokit.request(
      'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key',
      { ...repository, environment_name: 'staging' },
    );
    const { data: other } = await world.octokit.request(
      'GET /repos/{owner}/{repo}/actions/secrets/public-key',
      repository,
    );
    expect(other.key).not.toBe(key.key);
    const sealed = { encrypted_value: await seal('for staging', key.key), key_id: key.key_id };
    const target = { ...repository, environment_name: 'staging', secret_name: 'DEPLOY_KEY' };
    const { status } = await world.octokit.request(`PUT ${environmentSecretPath}`, { ...target, ...sealed });
    expect(status).toBe(201);
    expect(githubSecrets(world.stateDir)).toContainEqual(
      expect.objectContaining({
        scope: 'environment',
        environment: 'staging',
        name: 'DEPLOY_KEY',
        value: 'for staging',
      }),
    );
    await world.octokit.request(`GET ${environmentSecretPath}`, target);
    await world.octokit.request(`DELETE ${environmentSecretPath}`, target);
    expect(githubSecrets(world.stateDir).map(({ scope }) => scope)).toEqual(['repository']);
  });

  it('answers 404 when the environment is missing', async () => {
    const path = 'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key';
    const call = world.octokit.request(path, { ...repository, environment_name: 'nowhere' });
    expect(await refusal(call)).toMatchObject({ status: 404 });
  });

  it('are reached by the older path with the repository’s id as well', async () => {
    const { data } = await world.octokit.request('GET /repos/{owner}/{repo}', repository);
    const { status } = await world.octokit.request(
      `GET /repositories/${data.id}/environments/staging/secrets/public-key`,
    );
    expect(status).toBe(200);
  });
});

describe('access', () => {
  it('refuses no token, an unknown one, and a write with one that may only read', async () => {
    const bare = await fetch(`${world.url}/repos/${owner}/${repo}`);
    expect([bare.status, ((await bare.json()) as { message: string }).message]).toEqual([
      401,
      'Requires authentication',
    ]);
    const unknown = await fetch(`${world.url}/api/v3/user`, { headers: { authorization: 'Bearer nobody' } });
    expect([unknown.status, ((await unknown.json()) as { message: string }).message]).toEqual([401, 'Bad credentials']);
    const path = 'DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}';
    const write = world.reader.request(path, { ...repository, secret_name: 'OLD_SECRET' });
    expect(await refusal(write)).toMatchObject({ status: 403 });
    expect(githubSecrets(world.stateDir)).toHaveLength(1);
  });

  it('has tokens of its own for every state', async () => {
    const other = await startWorld();
    expect(githubTokens(other.stateDir).write).not.toBe(githubTokens(world.stateDir).write);
    await other.close();
  });
});

async function read(name: string) {
  const path = 'GET /repos/{owner}/{repo}/actions/secrets/{secret_name}';
  const { data } = await world.octokit.request(path, { ...repository, secret_name: name });
  return data;
}
