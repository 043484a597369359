import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../sandbox/standIns/supabaseManagement/service.ts';
import { Faults } from '../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { runCommand } from '../support/command.ts';

const root = mkdtempSync(join(tmpdir(), 'branches-'));
const management: SupabaseManagement = createSupabaseManagement({ stateDir: join(root, 'state') });
const faults = new Faults();
let server: Listening;
let writes: string[] = [];
jest.setTimeout(60_000);
beforeAll(async () => {
  server = await serve(management, {
    faults,
    log: ({ method, path }) => method !== 'GET' && writes.push(`${method} ${path}`),
  });
});
afterAll(() => server.close());
beforeEach(() => {
  writes = [];
  management.store.update((state) => Object.assign(state, { branches: [], outcome: 'MIGRATIONS_PASSED' }));
});

async function branch(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { token } = management.store.state;
  const access = {
    SUPABASE_ACCESS_TOKEN: token,
    SUPABASE_API_ENDPOINT: server.url,
    // As the packed command has it.
    SUPABASE_PROJECT_REF: 'wnnjeqheqxxyrgsjmygy',
  };
  const ended = await runCommand('commands/dbBranch/command.ts', args, { ...access, ...env }, root);
  for (const secret of [token, 'made-up ']) expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}
const kept = (name: string) => join(root, '.cache/supabase-branches', `${name}.json`);
const names = () => management.store.state.branches.map(({ shown }) => shown.name).sort();

/** Branches as Supabase lists them: name, age in days, and what else is known of them. */
function seed(branches: Readonly<Record<string, { readonly days: number; readonly more?: object }>>): void {
  management.store.update((state) => {
    state.branches = Object.entries(branches).map(([name, { days, more }], index) => ({
      looks: 0,
      shown: {
        id: `00000000-0000-4000-8000-00000000000${index}`,
        name,
        project_ref: `${'abcdefghij'.slice(0, index)}${'z'.repeat(20 - index)}`,
        parent_project_ref: 'wnnjeqheqxxyrgsjmygy',
        is_default: false,
        persistent: false,
        status: 'MIGRATIONS_PASSED',
        created_at: new Date(Date.now() - days * 24 * 3600_000).toISOString(),
        updated_at: new Date().toISOString(),
        with_data: false,
        ...more,
      },
    }));
  });
}

describe('db:branch:create, for the other jobs', () => {
  it('prints BRANCH_ID, BRANCH_URL and BRANCH_NAME, and keeps what they look up', async () => {
    const ended = await branch(['create', 'feature/a-1', '--yes', '--timeout', '20']);
    expect(ended.code).toBe(0);
    const lines = Object.fromEntries(
      ended.stdout.split('\n').flatMap((line) => (line.startsWith('BRANCH_') ? [line.split('=')] : [])),
    ) as Record<string, string>;
    const [{ shown } = { shown: undefined }] = management.store.state.branches;
    const url = `https://${shown?.project_ref ?? ''}.supabase.co`;
    expect(lines).toEqual({ BRANCH_ID: shown?.id, BRANCH_URL: url, BRANCH_NAME: 'feature/a-1' });
    expect(JSON.parse(readFileSync(kept('feature/a-1'), 'utf8'))).toMatchObject({
      id: shown?.id,
      name: 'feature/a-1',
      original_name: 'feature/a-1',
      database_url: url,
      created_at: shown?.created_at,
    });
    expect((await branch(['delete', 'feature/a-1', '--yes'])).code).toBe(0);
    expect(existsSync(kept('feature/a-1'))).toBe(false);
  });

  it('keeps its --json whole, writes no file outside of the cache, and a failed branch can be looked up', async () => {
    const { stdout } = await branch(['create', 'a', '--yes', '--timeout', '20', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'a' });
    expect(await branch(['create', 'a/../../../b', '--yes'])).toMatchObject({ code: 1 });
    expect(names()).toEqual(['a']);
    management.store.update((state) => (state.outcome = 'MIGRATIONS_FAILED'));
    expect((await branch(['create', 'bad', '--yes', '--timeout', '20'])).code).toBe(2);
    expect(existsSync(kept('bad'))).toBe(true);
  });

  it('needs no --yes in a job, but for a copy of the data', async () => {
    const job = { GITHUB_ACTIONS: 'true' };
    expect((await branch(['create', 'x', '--timeout', '20'], job)).code).toBe(0);
    expect((await branch(['create', 'y', '--with-data'], job)).code).toBe(1);
    expect(names()).toEqual(['x']);
  });

  it('ends at once for a paused branch, with its cause', async () => {
    management.store.update((state) => (state.outcome = 'paused'));
    const started = Date.now();
    const ended = await branch(['create', 'asleep', '--yes', '--timeout', '600']);
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('INACTIVE') });
    expect(ended.stdout).toContain('it is paused');
    expect(Date.now() - started).toBeLessThan(30_000);
  });
});

describe('db:branch:cleanup', () => {
  beforeEach(() =>
    seed({
      main: { days: 400, more: { is_default: true, git_branch: 'main' } },
      old: { days: 8 },
      'feature-old': { days: 20 },
      young: { days: 1 },
      kept: { days: 90, more: { persistent: true } },
      'pr-7': { days: 30, more: { pr_number: 7, git_branch: 'fix' } },
      linked: { days: 30, more: { git_branch: 'linked' } },
    }),
  );

  it('lists what it would do, and which branches are Supabase’s own to delete', async () => {
    const ended = await branch(['cleanup', '--dry-run']);
    expect(ended.code).toBe(0);
    const [own = '', theirs = ''] = ended.stderr.split('This would delete').reverse();
    expect(own).toMatch(/ old [\s\S]* feature-old /);
    expect(own).not.toMatch(/young|kept|main|pr-7|linked/);
    expect(theirs).toMatch(/pr-7 .*pull request #7[\s\S]*linked .*the branch linked/);
    expect(writes).toEqual([]);
    expect((await branch(['list'])).stdout).toMatch(/pr-7 .*pull request #7/);
  });

  it.each([
    ['older than a week', ['--yes'], ['old', 'feature-old']],
    ['by another age', ['--yes', '--max-age', '15'], ['feature-old']],
    ['by pattern, of any age', ['--yes', '--pattern', '^young$'], ['young']],
    ['by pattern and age', ['--yes', '--pattern', 'old$', '--max-age', '15', '--verbose'], ['feature-old']],
    ['the integration’s when asked', ['--yes', '--pattern', '^(pr-|linked)', '--integration'], ['pr-7', 'linked']],
    ['never the integration’s unasked', ['--yes', '--pattern', '.*'], ['old', 'feature-old', 'young']],
  ])('deletes those %s', async (_, args, gone) => {
    const before = names();
    expect((await branch(['cleanup', ...args])).code).toBe(0);
    expect(names()).toEqual(before.filter((name) => !gone.includes(name)));
  });

  it.each([
    [['cleanup'], 'no terminal to confirm on'],
    [['cleanup', '--max-age', '0', '--yes'], '1 at least'],
    [['cleanup', '--max-age', 'x', '--yes'], '1 at least'],
    [['cleanup', '--pattern', '(', '--yes'], 'no regular expression'],
    [['cleanup', 'old', '--yes'], 'db:branch:delete'],
    [['delete', 'pr-7', '--yes'], 'add --integration'],
    [['delete', 'linked', '--yes'], 'add --integration'],
  ])('deletes nothing by %j', async (args, message) => {
    const before = names();
    expect(await branch(args)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(names()).toEqual(before);
  });

  it('deletes one of the integration when that is asked for, and goes on after one that fails', async () => {
    expect((await branch(['delete', 'pr-7', '--yes', '--integration'])).code).toBe(0);
    const old = management.store.state.branches.find(({ shown }) => shown.name === 'old')?.shown.project_ref ?? '';
    faults.set([{ service: 'supabaseManagement', method: 'DELETE', path: old, status: 403 }]);
    const ended = await branch(['cleanup', '--yes']);
    faults.set([]);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining('Not deleted: old') });
    expect(names()).toEqual(['kept', 'linked', 'main', 'old', 'young']);
  });
});
