import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { managementProblems } from '../../support/documents/supabaseDocument.ts';
import { startWorld, type World } from '../every/world.ts';

const entry = 'commands/dbBranch/command.ts';
const ref = 'wnnjeqheqxxyrgsjmygy';
let world: World;
let management: SupabaseManagement;
beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [(management = createSupabaseManagement({ stateDir }))],
  });
  world.secrets.push(management.store.state.token, 'made-up ');
}, 60_000);
afterAll(async () => {
  const asked = world.exchanges.filter(({ service }) => service === 'supabaseManagement');
  await world.close();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.flatMap(managementProblems)).toEqual([]);
});
beforeEach(() => {
  world.faults.set([]);
  management.store.update((state) => Object.assign(state, { branches: [], outcome: 'MIGRATIONS_PASSED' }));
});

const branch = (...args: string[]) =>
  world.run(entry, args, {
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
  });
const names = () => management.store.state.branches.map(({ shown }) => shown.name);

describe('db:branch', () => {
  it('creates, waits until healthy with progress, and prints the way to it without a secret', async () => {
    const ended = await branch('create', 'feature-1', '--yes', '--timeout', '20');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/COMING_UP, CREATING_PROJECT[\s\S]*ACTIVE_HEALTHY, MIGRATIONS_PASSED/);
    expect(ended.stdout).toMatch(/is healthy\.[\s\S]*postgres@db\.[a-z]{20}\.supabase\.co:5432/);
    expect((await branch('list')).stdout).toContain('feature-1');
    expect(JSON.parse((await branch('get', 'feature-1', '--json')).stdout)).toMatchObject({
      connection: { port: 5432 },
    });
    const again = await branch('create', 'feature-1', '--yes');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('there already') });
    expect((await branch('promote', 'feature-1', '--yes')).stderr).toContain(`--project ${ref}`);
    expect((await branch('promote', 'feature-1', '--yes', '--project', ref)).code).toBe(0);
    expect((await branch('delete', 'feature-1', '--yes')).code).toBe(0);
    expect(names()).toEqual([]);
  }, 60_000);

  it.each([
    ['another project', ['create', 'x', '--yes', '--project', 'a'.repeat(20)], 'no other project is made'],
    ['a strange name', ['create', 'a b', '--yes'], '  NAME'],
    ['a branch that is not there', ['delete', 'x', '--yes'], 'There is no branch x'],
    ['the name of the project itself', ['create', 'main', '--yes'], 'main is the project itself'],
    ['a copy of the data by --yes alone', ['create', 'x', '--with-data', '--yes'], 'its reference stands beside --yes'],
    ['no answer to the question', ['create', 'x'], 'no terminal to confirm on'],
  ])('does nothing with %s', async (_, args, message) => {
    const start = world.log.length;
    expect(await branch(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(world.writes(start)).toEqual([]);
  });

  it('exits 2 for a branch whose migrations failed, and for one that never comes up; neither is promoted', async () => {
    management.store.update((state) => Object.assign(state, { outcome: 'MIGRATIONS_FAILED' }));
    expect(await branch('create', 'bad', '--yes', '--timeout', '20')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('MIGRATIONS_FAILED'),
    });
    expect(await branch('promote', 'bad', '--yes', '--project', ref)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only one whose migrations passed'),
    });
    management.store.update((state) => Object.assign(state, { outcome: 'never' }));
    expect(await branch('create', 'slow', '--yes', '--timeout', '2')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('after 2 s'),
    });
  }, 60_000);

  it.each([401, 403, 404, 409, 429, 500])(
    'fails on %d to create, and makes nothing',
    async (status) => {
      world.faults.set([{ service: 'supabaseManagement', method: 'POST', status, headers: { 'retry-after': '1' } }]);
      expect((await branch('create', 'x', '--yes')).code).toBe(1);
      expect(names()).toEqual([]);
    },
    30_000,
  );

  it.each([{ connection: 'reset' as const }, { connection: 'half' as const }])(
    'finds the branch whose answer got lost: %o',
    async (fault) => {
      world.faults.set([{ service: 'supabaseManagement', method: 'POST', afterEffect: true, ...fault }]);
      expect((await branch('create', 'lost', '--yes', '--timeout', '20')).code).toBe(0);
      expect(names()).toEqual(['lost']);
    },
    60_000,
  );

  it('does not wait for the project itself under another name', async () => {
    const made = ['create', 'trunk', '--with-data', '--yes', '--project', ref, '--timeout', '20'];
    expect((await branch(...made)).code).toBe(0);
    management.store.update(({ branches }) =>
      branches.forEach(({ shown }) => Object.assign(shown, { is_default: true })),
    );
    expect(await branch(...made)).toMatchObject({ code: 1, stderr: expect.stringContaining('the project itself') });
  }, 60_000);

  it('sees by --dry-run what it would do', async () => {
    expect((await branch('create', 'x', '--dry-run')).code).toBe(0);
    expect(names()).toEqual([]);
  });
});
