import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { whyNotWaiting } from '../../services/supabase/projectState.ts';
import { applyPending, pendingMigrations, planLines } from '../../commands/incident/migrations/apply.ts';
import { readCheckout } from '../../commands/incident/migrations/checkout.ts';
import { postgresMessage } from '../../commands/incident/migrations/postgresMessage.ts';
import { requestsOf } from '../../commands/incident/migrations/requests.ts';
import { splitStatements } from '../../commands/incident/migrations/statements.ts';
import { Faults } from '../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../sandbox/server/serve.ts';
import { openDatabase, type Database } from '../../sandbox/standIns/supabase/database.ts';
import { createSupabaseManagement } from '../../sandbox/standIns/supabaseManagement/service.ts';
import { ServiceError } from '../../services/door/http.ts';

const ref = 'wnnjeqheqxxyrgsjmygy';
let database: Database;
const management = createSupabaseManagement({
  stateDir: mkdtempSync(join(tmpdir(), 'migrations-')),
  database: () => Promise.resolve(database),
});
const faults = new Faults();
let server: Listening;
let queries = 0;
const environment = { ...process.env };
jest.setTimeout(120_000);
beforeAll(async () => {
  database = await openDatabase(undefined, []);
  server = await serve(management, {
    faults,
    log: ({ path }) => path.endsWith('/query') && (queries += 1),
  });
});
afterAll(async () => {
  process.env = environment;
  await server.close();
  await database.close();
});
beforeEach(async () => {
  faults.set([]);
  queries = 0;
  process.env = {
    ...environment,
    PATH: '/usr/bin:/bin',
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_ENDPOINT: server.url,
  };
  await database.superuser.exec(`
    drop schema public cascade; create schema public;
    drop table supabase_migrations.schema_migrations;
    create table supabase_migrations.schema_migrations (version text primary key, name text);`);
});

function checkout(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const [name, text] of Object.entries(files)) {
    const file = name.includes('/') ? join(root, name) : join(root, 'supabase/migrations', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const said: string[] = [];
async function apply(
  files: Readonly<Record<string, string>>,
  options: { readonly without?: readonly string[]; readonly includeAll?: boolean } = {},
): Promise<string[]> {
  said.length = 0;
  const read = readCheckout(checkout(files));
  const { without = [], includeAll = false } = options;
  const plan = await pendingMigrations(read, ref, { without, includeAll });
  said.push(...planLines(plan));
  return applyPending(read, plan, { ref, includeAll }, (line) => said.push(line));
}
const ledger = async () =>
  (
    await database.superuser.query<{ version: string; name: string; statements: string[] }>(
      'select * from supabase_migrations.schema_migrations order by version',
    )
  ).rows;
const tables = async () =>
  (
    await database.superuser.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    )
  ).rows.map(({ name }) => name);
const recorded = (...versions: string[]) =>
  database.superuser.exec(
    versions.map((version) => `insert into supabase_migrations.schema_migrations values ('${version}', 'x');`).join(''),
  );

describe('splitting, as Supabase’s command line does it', () => {
  const texts = (sql: string) => splitStatements(sql).map(({ text }) => text);
  it.each([
    ['plain', 'select 1; select 2;', ['select 1', 'select 2']],
    ['no end', 'select 1;\nselect 2', ['select 1', 'select 2']],
    [
      'comments stay with what follows',
      '-- a; b\nselect 1;\n/* c; /* d; */ */ select 2;',
      ['-- a; b\nselect 1', '/* c; /* d; */ */ select 2'],
    ],
    ['strings and names', `select 'a;''b', "c;""d";select E'\\';'`, [`select 'a;''b', "c;""d"`, `select E'\\';'`]],
    [
      'dollar quotes',
      'do $$ begin; commit; end $$; do $a$ $$ ; $a$; select $1',
      ['do $$ begin; commit; end $$', 'do $a$ $$ ; $a$', 'select $1'],
    ],
    ['a name with a dollar', 'select a$b; select c$b', ['select a$b', 'select c$b']],
    [
      'parentheses',
      'create rule r as on insert to t do (delete from a; delete from b); select 1',
      ['create rule r as on insert to t do (delete from a; delete from b)', 'select 1'],
    ],
    [
      'begin atomic',
      'create function f() returns int begin atomic select case when true then 1 end; end; select 1',
      ['create function f() returns int begin atomic select case when true then 1 end; end', 'select 1'],
    ],
    ['nothing', ' ;\n;', []],
    ['a comment alone', 'select 1;\n-- the end\n', ['select 1', '-- the end']],
  ])('%s', (_, sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it.each(["select 'a", 'select "a', 'do $x$ a', '/* a /* */'])('refuses what never ends: %s', (sql) => {
    expect(() => splitStatements(sql)).toThrow('never ends');
  });
});

describe('how a file is sent', () => {
  const sent = (sql: string) => requestsOf(splitStatements(sql));
  it.each([
    ['ours', 'create table a (); create table b ();', 1],
    ['ours', "do $$ begin perform 1; end $$; select 'begin'; -- commit", 1],
    ['ours', 'create function f() returns int language sql begin atomic select 1; end;', 1],
    ['ours', 'refresh materialized view concurrently v;', 1],
    ['own', 'BEGIN; create table a (); COMMIT;', 1],
    ['own', '-- @migration-intent: x\nset search_path = public;\nbegin transaction;\nselect 1;\nend;', 1],
    ['own', 'start transaction; savepoint a; rollback to a; commit', 1],
    ['apart', 'create index concurrently i on t (a);', 1],
    ['apart', 'create table t (a int); create index concurrently i on t (a); select 1; begin; select 2; commit;', 4],
    ['apart', 'DROP INDEX CONCURRENTLY IF EXISTS i;', 1],
    ['apart', 'vacuum t; reindex table concurrently t;', 2],
  ] as const)('%s: %s', (form, sql, parts) => {
    expect(sent(sql)).toMatchObject({ form, problem: undefined });
    expect(sent(sql).parts).toHaveLength(parts);
  });

  it.each([
    ['begin; select 1;', 'never ends'],
    ['select 1; commit;', 'does not begin'],
    ['begin; create index concurrently i on t (a); commit;', 'cannot run inside of a transaction'],
    ['set role x; create index concurrently i on t (a);', 'command line'],
  ])('refuses %s', (sql, problem) => {
    expect(sent(sql).problem).toContain(problem);
  });
});

describe('what is checked before anything runs', () => {
  it.each([
    [
      'two of one timestamp',
      { '20260101000000_a.sql': '', '20260101000000_b.sql': '' },
      '20260101000000_a and 20260101000000_b have one version',
    ],
    [
      'a name that does not parse',
      { '20260101000000_a.sql': '', 'fix.sql': '' },
      'fix.sql: the name must be VERSION_name.sql',
    ],
    ['a dash for the underscore', { '20260101000000-a.sql': '' }, 'the name must be'],
    ['a text that never ends', { '20260101000000_a.sql': "select 'x" }, 'a string never ends'],
    ['a broken manifest', { '1_a.sql': '', 'config/migration-drift-manifest.json': '{' }, 'is not JSON'],
    [
      'a manifest of another shape',
      { '1_a.sql': '', 'config/migration-drift-manifest.json': '{"entries":[{"id":1}]}' },
      'another shape than known',
    ],
    ['no migration', { 'supabase/migrations/README.md': '' }, 'has no migration'],
    ['no folder', { 'README.md/x': '' }, 'has no folder'],
  ])('%s', async (_, files, problem) => {
    await expect(apply(files)).rejects.toThrow(problem);
    expect(queries).toBe(0);
  });

  it('takes the checkout or its folder, and versions of any length', () => {
    const root = checkout({ '20250622_a.sql': 'select 1', '202510280001_b.sql': 'select 1', '20251014_c d.sql': '' });
    const versions = ['20250622', '20251014', '202510280001'];
    for (const path of [root, join(root, 'supabase/migrations'), join(root, 'supabase/migrations/')]) {
      expect(readCheckout(path)).toMatchObject({ root, migrations: versions.map((version) => ({ version })) });
    }
  });

  it('order: what is older than the history wants --include-all', async () => {
    await recorded('20260102000000');
    const files = { '20260101000000_late.sql': 'create table late ();', '20260102000000_x.sql': '' };
    await expect(apply(files)).rejects.toThrow(
      /Out of order: the history goes to 20260102000000[\s\S]*20260101000000_late/,
    );
    expect(queries).toBe(0);
    expect(await apply(files, { without: ['20260101000000'] })).toEqual([]);
    expect(await apply(files, { includeAll: true })).toEqual(['20260101000000_late']);
    expect(await tables()).toEqual(['late']);
    await expect(apply(files, { without: ['1'] })).rejects.toThrow('--without names no migration');
  });

  it('versions that the team forbids are never applied, whatever their class', async () => {
    const entries = [
      { version: '20260101000000', classification: 'SUPERSEDED_DO_NOT_APPLY', reason: 'weaker' },
      { version: '20260102000000', classification: 'LEDGER_ONLY_DRIFT', reason: 'there already', slug: 'b' },
    ];
    const applied = await apply(
      {
        '20260101000000_a.sql': 'create table a ();',
        '20260102000000_b.sql': 'create table b ();',
        '20260103000000_c.sql': 'create table c ();',
        'config/migration-drift-manifest.json': JSON.stringify({ meta: {}, entries }),
      },
      { includeAll: true },
    );
    expect(applied).toEqual(['20260103000000_c']);
    expect(await tables()).toEqual(['c']);
    expect(said.join('\n')).toMatch(/left out: 20260101000000_a \(SUPERSEDED_DO_NOT_APPLY\)\n.*20260102000000_b/);
  });
});

describe('our own runner', () => {
  it('enters the row whole, as the command line writes it', async () => {
    const sql = `-- it's a start\ncreate table a (b text default 'it''s \\ here');\n\nselect 1 ;\n-- end`;
    expect(await apply({ '20260101000000_it_is-a.sql': sql })).toEqual(['20260101000000_it_is-a']);
    expect(await ledger()).toEqual([
      {
        version: '20260101000000',
        name: 'it_is-a',
        statements: [`-- it's a start\ncreate table a (b text default 'it''s \\ here')`, 'select 1', '-- end'],
      },
    ]);
    expect(await apply({ '20260101000000_it_is-a.sql': sql })).toEqual([]);
  });

  it('runs files with transactions of their own, and statements that need none, with their rows', async () => {
    const applied = await apply({
      '1_own.sql': 'begin;\ncreate table own (a int);\ncommit;\n',
      '2_apart.sql': 'create table apart (a int);\ncreate index concurrently i on apart (a);\n',
      '3_empty.sql': '-- nothing\n',
    });
    expect(applied).toEqual(['1_own', '2_apart', '3_empty']);
    expect((await ledger()).map(({ version, statements }) => [version, statements.length])).toEqual([
      ['1', 3],
      ['2', 2],
      ['3', 1],
    ]);
    expect(await tables()).toEqual(['apart', 'own']);
  });

  it('stops at the first that fails, with PostgreSQL’s own words, and says what stands', async () => {
    const whole = apply({ '1_a.sql': 'create table a (); create table a ();', '2_b.sql': 'create table b ();' });
    await expect(whole).rejects.toThrow(
      /1_a was not applied, nor any after it: ERROR: {2}42P07: relation "a" already exists/,
    );
    expect([await tables(), await ledger()]).toEqual([[], []]);
    const own = apply({ '1_a.sql': 'begin; create table a (); commit; select nothing;' });
    await expect(own).rejects.toThrow(/not applied whole[\s\S]*what it had committed[\s\S]*42703/);
    expect([await tables(), await ledger()]).toEqual([['a'], []]);
    const apart = apply({ '2_b.sql': 'create table b (c int); create index concurrently on b (d);' });
    await expect(apart).rejects.toThrow('2_b was applied in part: 1 of its 2 parts stand');
  });

  it('shows no data: not of a row that breaks a rule, not of a value that is none', async () => {
    const row = apply({
      '1_a.sql': "create table a (b text unique); insert into a values ('Canary P.'), ('Canary P.');",
    });
    await expect(row).rejects.toThrow(/23505: duplicate key value violates unique constraint "\*\*\*\*"$/);
    await expect(apply({ '1_a.sql': "select 'Canary P.'::uuid" })).rejects.toThrow(
      /22P02: invalid input syntax for type uuid: "\*\*\*\*"$/,
    );
    const error = new ServiceError(
      'x',
      400,
      'status',
      'Failed to run sql query: ERROR:  22P02: a "Canary"\nDETAIL: "Canary"',
    );
    expect(postgresMessage(error)).not.toContain('Canary');
    const lines = 'ERROR:  23514: a\nDETAIL:  Failing row (1, Canary\nCanary).\nHINT:  b\nQUERY:  c\nCanary\nLINE 1: d';
    expect(postgresMessage(new ServiceError('x', 400, 'status', lines))).toBe('ERROR:  23514: a\nHINT:  b\nLINE 1: d');
    expect(postgresMessage(new Error('x'))).toBeUndefined();
  });

  it('believes the history when an answer is lost', async () => {
    faults.set([{ service: 'supabaseManagement', path: 'query', status: 502, afterEffect: true }]);
    await expect(apply({ '1_a.sql': 'create table a ();' })).rejects.toThrow('502'); // the table of the history: harmless
    faults.set([{ service: 'supabaseManagement', path: 'query', connection: 'reset', afterEffect: true, after: 1 }]);
    expect(await apply({ '1_a.sql': 'create table a ();', '2_b.sql': 'create table b ();' })).toEqual(['1_a', '2_b']);
    faults.set([{ service: 'supabaseManagement', path: 'query', status: 503, after: 1 }]);
    await expect(apply({ '3_c.sql': 'create table c ();' })).rejects.toThrow('it may still be running');
  });
});

describe('Supabase’s command line', () => {
  /** One that notes how it was called, and writes what the real one would write: the rows. */
  function installed(root: string, code = 0): string {
    const file = join(root, 'node_modules/.bin/supabase');
    mkdirSync(dirname(file), { recursive: true });
    const note = `echo "$SUPABASE_PROJECT_ID $*" > "${root}/called"`;
    writeFileSync(file, `#!/bin/sh\n${note}\necho "Applying migration"\nexit ${code}\n`);
    chmodSync(file, 0o755);
    return join(root, 'called');
  }

  async function push(root: string) {
    said.length = 0;
    const read = readCheckout(root);
    const plan = await pendingMigrations(read, ref, { without: [], includeAll: false });
    return applyPending(read, plan, { ref, includeAll: false }, (line) => said.push(line));
  }

  it('is used where it is there, for the shared project, and the history is read afterwards', async () => {
    const root = checkout({ '1_a.sql': 'create table a ();' });
    const called = installed(root);
    await expect(push(root)).rejects.toThrow(/history lacks what should have been applied[\s\S]*1_a/);
    expect(readFileSync(called, 'utf8')).toBe(`${ref} db push --linked --yes --workdir ${root}\n`);
    expect(said).toContain('  Applying migration');
    expect(queries).toBe(0);
    installed(root, 1);
    await expect(push(root)).rejects.toThrow('supabase db push failed (exit 1)');
  });

  it('is not used where it would apply what must be left out, or would refuse the history', async () => {
    const entries = [{ version: '1', classification: 'SUPERSEDED_DO_NOT_APPLY', reason: '' }];
    const root = checkout({
      '1_a.sql': 'create table a ();',
      '2_b.sql': 'create table b ();',
      'config/migration-drift-manifest.json': JSON.stringify({ entries }),
    });
    installed(root);
    expect(await push(root)).toEqual(['2_b']);
    expect(said.join('\n')).toContain('it would apply what is to be left out (1)');
    await recorded('0');
    const other = checkout({ '1_a.sql': '', '3_c.sql': 'create table c ();', '2_b.sql': '' });
    await recorded('1');
    installed(other);
    expect(await push(other)).toEqual(['3_c']);
    expect(said.join('\n')).toContain('versions that the checkout does not have (1)');
  });
});

it('names the states of a project that do not pass by themselves', () => {
  for (const status of ['INACTIVE', 'PAUSED', 'RESTORE_FAILED', 'REMOVED', 'PAUSE_FAILED', 'INIT_FAILED']) {
    expect(whyNotWaiting(status)).toBeDefined();
  }
  for (const status of ['ACTIVE_HEALTHY', 'RESTORING', 'COMING_UP', 'UNKNOWN', 'RESTARTING', 'RESIZING']) {
    expect(whyNotWaiting(status)).toBeUndefined();
  }
});
