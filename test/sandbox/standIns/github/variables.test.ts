import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { githubVariables, updateGitHub } from '../../../../sandbox/standIns/github/index.ts';
import type { Permission } from '../../../../sandbox/standIns/github/records.ts';
import { madeUpValue, owner, refusal, repo, startWorld } from './world.ts';
import type { World } from './world.ts';

/** A repository's variables and those of an environment: one API at two paths. */
const levels = {
  repository: {
    path: `/repos/${owner}/${repo}/actions/variables`,
    prefix: '',
    most: 500,
    permission: 'actions_variables',
  },
  environment: {
    path: `/repos/${owner}/${repo}/environments/staging/variables`,
    prefix: 'staging/',
    most: 100,
    permission: 'environments',
  },
} as const;
type Level = (typeof levels)[keyof typeof levels];

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly created_at: string;
  readonly updated_at: string;
}

let world: World;

beforeEach(async () => {
  const variables = { OLD_VARIABLE: 'left over' };
  world = await startWorld({ variables, environments: { staging: { variables }, bare: {} } });
});

afterEach(async () => {
  await world.close();
  expect(world.violations()).toEqual([]);
});

const create = ({ path }: Level, name: string, value = 'value') =>
  world.octokit.request(`POST ${path}`, { name, value });
const change = ({ path }: Level, name: string, body: { name?: string; value?: string }) =>
  world.octokit.request(`PATCH ${path}/${name}`, body);
const remove = ({ path }: Level, name: string) => world.octokit.request(`DELETE ${path}/${name}`);
const read = async ({ path }: Level, name: string) =>
  (await world.octokit.request(`GET ${path}/${name}`)).data as Variable;
const list = async ({ path }: Level, query = '') => {
  const reply = await world.octokit.request(`GET ${path}${query}`);
  return { ...(reply.data as { total_count: number; variables: Variable[] }), link: reply.headers.link };
};
const effects = () => world.log.flatMap((entry) => entry.effects);

/** Puts many there past the API. */
function fill(count: number): void {
  updateGitHub(world.stateDir, ({ repositories }) => {
    for (const { variables, environments } of repositories) {
      for (const holder of [variables, ...environments.map((environment) => environment.variables)]) {
        const at = '2026-01-01T00:00:00Z';
        while (holder.length < count)
          holder.push({ name: `FILLER_${holder.length}`, value: 'v', createdAt: at, updatedAt: at });
      }
    }
  });
}

describe.each(Object.entries(levels))('Actions variables of the %s', (scope, level) => {
  it('are made with 201, read back, changed with 204 and deleted', async () => {
    const value = 'two lines\nünïcödé "quoted" $x ';
    const created = await create(level, 'SLACK_ALERTS_CHANNEL', value);
    expect([created.status, created.data]).toEqual([201, {}]);
    const before = await read(level, 'SLACK_ALERTS_CHANNEL');
    expect(before).toEqual({
      name: 'SLACK_ALERTS_CHANNEL',
      value,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      updated_at: before.created_at,
    });
    const body = { name: 'SLACK_ALERTS_CHANNEL', value: 'another' };
    expect((await change(level, 'SLACK_ALERTS_CHANNEL', body)).status).toBe(204);
    const after = await read(level, 'SLACK_ALERTS_CHANNEL');
    expect([after.value, after.created_at]).toEqual(['another', before.created_at]);
    expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
    expect((await remove(level, 'SLACK_ALERTS_CHANNEL')).status).toBe(204);
    expect(await refusal(read(level, 'SLACK_ALERTS_CHANNEL'))).toEqual({ status: 404, message: 'Not Found' });
    const named = `variable ${level.prefix}SLACK_ALERTS_CHANNEL`;
    expect(effects()).toEqual([named, named, `${named} deleted`]);
  });

  it('stand in the log by name, never by value', async () => {
    const value = madeUpValue();
    await create(level, 'CHANNEL', value);
    await read(level, 'CHANNEL');
    expect(JSON.stringify(world.log)).not.toContain(value);
    expect(githubVariables(world.stateDir)).toContainEqual(expect.objectContaining({ scope, name: 'CHANNEL', value }));
  });

  it('are never replaced by a second one of the name, in whatever case it is written', async () => {
    for (const name of ['OLD_VARIABLE', 'old_variable']) {
      expect(await refusal(create(level, name, 'new'))).toEqual({
        status: 409,
        message: 'Already exists - Variable already exists',
      });
    }
    expect((await read(level, 'OLD_VARIABLE')).value).toBe('left over');
    expect(effects()).toEqual([]);
  });

  it('are kept in upper case and found in any', async () => {
    await create(level, 'lower_case');
    expect((await read(level, 'Lower_Case')).name).toBe('LOWER_CASE');
    await change(level, 'lower_case', { name: 'lower_case', value: 'another' });
    expect(await read(level, 'LOWER_CASE')).toMatchObject({ name: 'LOWER_CASE', value: 'another' });
  });

  it('can get another name, but not that of another one', async () => {
    await create(level, 'SECOND');
    expect((await refusal(change(level, 'SECOND', { name: 'OLD_VARIABLE' }))).status).toBe(409);
    await change(level, 'SECOND', { name: 'THIRD' });
    expect((await list(level)).variables.map(({ name }) => name)).toEqual(['OLD_VARIABLE', 'THIRD']);
    expect(effects().slice(1)).toEqual([`variable ${level.prefix}SECOND deleted`, `variable ${level.prefix}THIRD`]);
  });

  it.each(['GITHUB_TOKEN', 'github_anything', '1ST', 'WITH-DASH', 'A SPACE', ''])(
    'cannot be called %j',
    async (name) => {
      const { status, message } = await refusal(create(level, name));
      expect([status, message]).toEqual([422, expect.stringContaining('Variable names')]);
    },
  );

  it('take 48 KB and not a byte more', async () => {
    const largest = 'x'.repeat(48 * 1024);
    await create(level, 'LARGE', largest);
    expect((await refusal(create(level, 'LARGER', `${largest}x`))).status).toBe(422);
    expect((await refusal(change(level, 'LARGE', { value: `${largest}x` }))).status).toBe(422);
    expect((await read(level, 'LARGE')).value).toBe(largest);
  });

  it(`are ${level.most} at most`, async () => {
    fill(level.most - 1);
    await create(level, 'LAST');
    const { status, message } = await refusal(create(level, 'ONE_MORE'));
    expect([status, message]).toEqual([422, `Maximum of ${level.most} variables reached`]);
    await change(level, 'LAST', { value: 'another' }); // a change needs no room
  });

  it.each([
    ['', 10],
    ['?per_page=2', 2],
    ['?per_page=30', 30],
    ['?per_page=100', 30],
  ])('are listed by pages (%j: %d)', async (query, size) => {
    fill(31);
    const { total_count, variables, link } = await list(level, query);
    expect([total_count, variables.length]).toEqual([31, size]);
    expect(link).toContain(`rel="next"`);
    expect((await list(level, `${query || '?'}&page=2`)).variables[0]?.name).toBe(`FILLER_${size}`);
  });

  it('are not there under a name that nobody gave: 404 to read, change and delete', async () => {
    const calls = [() => read(level, 'NONE'), () => change(level, 'NONE', { value: 'v' }), () => remove(level, 'NONE')];
    for (const call of calls) expect((await refusal(call())).status).toBe(404);
  });

  it(`are refused to a token without the permission “${level.permission}”, which the answer names`, async () => {
    withhold([level.permission]);
    for (const [method, wanted] of [
      ['GET', 'read'],
      ['POST', 'write'],
    ] as const) {
      const body = { name: 'NEW', value: 'v' };
      const call = world.octokit.request(`${method} ${level.path}`, method === 'POST' ? body : {});
      const error = await call.then(
        () => undefined,
        (thrown: unknown) => thrown as { status: number; message: string; response: { headers: object } },
      );
      expect(error).toMatchObject({
        status: 403,
        message: expect.stringContaining('Resource not accessible by personal access token'),
        response: { headers: { 'x-accepted-github-permissions': `${level.permission}=${wanted}` } },
      });
    }
    withhold([]);
    expect((await list(level)).total_count).toBe(1);
  });

  it('are out of reach of a workflow’s own token, and of one that may only read for writing', async () => {
    expect(await refusal(world.actions.request(`GET ${level.path}`))).toMatchObject({
      status: 403,
      message: 'Resource not accessible by integration',
    });
    expect((await world.reader.request(`GET ${level.path}`)).status).toBe(200);
    expect((await refusal(world.reader.request(`DELETE ${level.path}/OLD_VARIABLE`))).status).toBe(403);
  });
});

/** What the writing token was not given. */
function withhold(permissions: readonly Permission[]): void {
  updateGitHub(world.stateDir, ({ tokens }) => {
    const [token] = tokens;
    if (token) token.lacks = permissions;
  });
}

it('keeps the levels apart, and both apart from secrets', async () => {
  await create(levels.environment, 'ONLY_HERE');
  expect((await refusal(read(levels.repository, 'ONLY_HERE'))).status).toBe(404);
  const secrets = await world.octokit.request('GET /repos/{owner}/{repo}/actions/secrets', { owner, repo });
  expect(secrets.data.total_count).toBe(0);
  const missing = world.octokit.request(`GET /repos/${owner}/${repo}/environments/nowhere/variables`);
  expect((await refusal(missing)).status).toBe(404);
});

it('refuses a fine-grained token’s secrets in the same way: by the repository’s permission and the environments’', async () => {
  const paths = [`/repos/${owner}/${repo}/actions/secrets`, `/repos/${owner}/${repo}/environments/staging/secrets`];
  const statuses = () =>
    Promise.all(
      paths.map((path) =>
        world.octokit.request(`GET ${path}`).then(
          ({ status }) => status,
          (error: unknown) => (error as { status: number }).status,
        ),
      ),
    );
  withhold(['secrets']);
  expect(await statuses()).toEqual([403, 200]);
  withhold(['environments']);
  expect(await statuses()).toEqual([200, 403]);
});
