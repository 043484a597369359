import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Faults } from '../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { jsonBody, type ServiceRequest } from '../../sandbox/server/service.ts';
import { runCommand } from '../support/command.ts';

jest.setTimeout(60_000);

const token = `sbp_${randomBytes(20).toString('hex')}`;
let server: Listening | undefined;
afterEach(() => server?.close());

/** The Management API's branches of one project; a new branch goes through `statuses`, one at a time it is asked. */
async function world(statuses: readonly string[], existing: readonly string[] = []) {
  const branches = existing.map((name) => ({ name, states: ['ACTIVE_HEALTHY'] }));
  const posts: string[] = [];
  const faults = new Faults();
  const handle = (request: ServiceRequest) => {
    if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { message: 'Unauthorized' } };
    if (request.path !== '/v1/projects/wnnjeqheqxxyrgsjmygy/branches') return { status: 404, body: {} };
    if (request.method === 'POST') {
      const { branch_name: name } = jsonBody(request) as { branch_name: string };
      posts.push(name);
      branches.push({ name, states: [...statuses] });
      return { status: 201, body: {} };
    }
    const shown = branches.map(({ name, states }) => {
      const status = states.length > 1 ? states.shift() : states[0];
      return { id: 'b1', name, project_ref: 'abcdefghijklmnopqrst', status };
    });
    return { status: 200, body: shown };
  };
  server = await serve({ name: 'supabase-management', handle }, { port: 0, faults, log: () => undefined });
  const create = (name: string, given = token) =>
    runCommand('operations/dbBranchCreate.ts', [name], {
      SUPABASE_ACCESS_TOKEN: given,
      SUPABASE_API_URL: `http://127.0.0.1:${server?.port ?? 0}`,
      SUPABASE_POLL_SECONDS: '0.01',
    });
  return { create, posts, faults };
}

describe('db:branch:create', () => {
  it('makes one branch and waits until it is healthy', async () => {
    const { create, posts } = await world(['CREATING_PROJECT', 'RUNNING_MIGRATIONS', 'FUNCTIONS_DEPLOYED']);
    const ended = await create('feature/a');
    expect({ code: ended.code, posts }).toEqual({ code: 0, posts: ['feature/a'] });
    expect(ended.stdout).toContain('https://abcdefghijklmnopqrst.supabase.co');
    expect(ended.stderr).toContain('RUNNING_MIGRATIONS');
  });

  it('fails when its migrations fail, and does not make one that is there', async () => {
    const failing = await world(['MIGRATIONS_FAILED']);
    expect(await failing.create('a')).toMatchObject({ code: 1 });
    await server?.close();
    const { create, posts } = await world([], ['a']);
    expect((await create('a')).stderr).toContain('already');
    expect(posts).toEqual([]);
  });

  it('never repeats the request that makes it, and never prints the token', async () => {
    const { create, posts, faults } = await world(['ACTIVE_HEALTHY']);
    faults.set([{ method: 'POST', status: 503, afterEffect: true }]);
    expect((await create('a')).code).toBe(1);
    expect(posts).toEqual(['a']);
    const refused = await create('b', `${token}x`);
    expect(refused.stderr).toContain('SUPABASE_ACCESS_TOKEN is wrong');
    expect(refused.stderr).not.toContain(token);
  });
});
