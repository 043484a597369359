import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { layApplication } from '../../../sandbox/application/layApplication.ts';
import { createSlack, type SlackService } from '../../../sandbox/standIns/slack/service.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { managementProblems } from '../../support/documents/supabaseDocument.ts';
import { startWorld, type World } from '../every/world.ts';

const webhookPath = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
const ref = 'wnnjeqheqxxyrgsjmygy';
/** The application's newest migration. */
const version = '20260601090000';
let world: World;
let slack: SlackService;
let management: SupabaseManagement;
beforeAll(async () => {
  const newest = mkdtempSync(join(tmpdir(), 'migrations-'));
  writeFileSync(join(newest, `${version}_visit_notes.sql`), 'create table public.visit_notes (note text);\n');
  world = await startWorld({
    migrations: [newest],
    services: (stateDir) => [
      (slack = createSlack({ stateDir, webhookPath })),
      (management = createSupabaseManagement({
        stateDir,
        database: () => world.supabase.database(),
        // As it was before the last migration.
        restored: async ({ superuser }) => {
          await superuser.exec(`drop table if exists visit_notes;
            delete from supabase_migrations.schema_migrations where version = '${version}'`);
        },
      })),
    ],
  });
  layApplication('playbook', join(world.root, 'app'));
  cpSync(newest, join(world.root, 'app/supabase/migrations'), { recursive: true });
  rmSync(newest, { recursive: true });
  cpSync('package.json', join(world.root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(world.root, shared));
  world.secrets.push(management.store.state.token, webhookPath);
}, 300_000);
afterAll(async () => {
  const asked = world.exchanges.filter(({ service }) => service === 'supabaseManagement');
  await world.close();
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.flatMap(managementProblems)).toEqual([]);
});

const incident = (...args: string[]) =>
  world.run('commands/incident/command.ts', args, {
    SLACK_WEBHOOK_URL: `${world.urls.slack ?? ''}${webhookPath}`,
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
    ALERT_STATE_DIR: join(world.stateDir, 'alerts'),
    ALERT_ATTEMPTS: '1',
  });
const app = ['--application', 'app'];
const staging = 'https://staging--allincompassing.netlify.app';
const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000).toISOString();

// One story: each step stands on the one before, as at night.
describe('an incident', () => {
  it('does nothing with --dry-run, and needs a kind', async () => {
    const dryRun = ['start', '--title', 'x', '--kind', 'supabase', '--dry-run'];
    expect(await incident(...dryRun)).toMatchObject({ code: 0, stdout: 'Nothing was done (--dry-run).\n' });
    const { code, stdout } = await incident(...dryRun, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { changed: false, dryRun: true, incident: null }]);
    expect((await incident('start', '--title', 'x', '--yes')).code).toBe(1);
    expect(slack.messages()).toEqual([]);
    expect(existsSync(join(world.root, 'incidents'))).toBe(false);
  }, 30_000);

  it('starts: the channel is alerted with evidence, the next command is named', async () => {
    world.faults.set([{ service: 'github', status: 500 }]);
    const ended = await incident('start', '--title', 'Data is wrong', '--kind', 'supabase', '--by', 'Ada', '--yes');
    world.faults.set([]);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Next: .*kill-switch -- off --emergency .*npm run incident -- restore/),
    });
    expect(ended.stdout).toContain('deploy job: not seen');
    expect(ended.stdout).toContain("kill switch: staging's agents enabled");
    expect(JSON.stringify(slack.messages().at(-1))).toContain('SEV2');
  }, 60_000);

  it('updates; a channel that cannot be told is exit 2, and the timeline has it all the same', async () => {
    for (const step of [['update', '--text', 'x'], ['close', '--root-cause', 'x'], ['restore'], ['migrate', ...app]]) {
      const looked = await incident(...step, '--dry-run', '--json');
      expect([looked.code, JSON.parse(looked.stdout)]).toEqual([
        0,
        { changed: false, dryRun: true, incident: expect.objectContaining({ title: 'Data is wrong' }) },
      ]);
    }
    expect((await incident('update', '--text', 'Looking at it', '--yes')).code).toBe(0);
    world.faults.set([{ service: 'slack', status: 500 }]);
    const ended = await incident('update', '--text', 'Found it', '--yes', '--json');
    world.faults.set([]);
    expect(ended.code).toBe(2);
    const { timeline } = JSON.parse(ended.stdout) as { timeline: { text: string }[] };
    expect(timeline.slice(-2).map(({ text }) => text)).toEqual(['Found it', 'The channel could NOT be notified']);
  }, 60_000);

  it('keeps what the kill switch and the deploy commands did, by whom, and that one failed; no dry run', async () => {
    const timeline = () => {
      const folder = join(world.root, 'incidents');
      const [record = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
      const kept = JSON.parse(readFileSync(join(folder, record), 'utf8')) as {
        timeline: { by: string; text: string }[];
      };
      return kept.timeline.map(({ by, text }) => `${by}: ${text}`);
    };
    const before = timeline().length;
    const killSwitch = (...args: string[]) =>
      world.run('commands/killSwitch/command.ts', [...args, '--by', 'Ada', '--yes', '--project', ref]);
    expect((await killSwitch('off', '--reason', 'a look', '--dry-run')).code).toBe(0);
    expect((await killSwitch('off', '--reason', 'wrong data')).code).toBe(0);
    expect((await killSwitch('restore', '--reason', 'not it')).code).toBe(0);
    world.faults.set([{ service: 'supabase', status: 401 }]);
    expect((await killSwitch('off', '--reason', 'again')).code).toBe(1);
    world.faults.set([]);
    expect((await world.run('commands/deploy/command.ts', ['rerun', '--yes'])).code).toBe(1);
    expect((await world.run('commands/deploy/command.ts', ['list'])).code).toBe(0);
    expect(timeline().slice(before)).toEqual([
      'Ada: kill-switch off: wrong data',
      'Ada: kill-switch restore: not it',
      expect.stringContaining('Ada: kill-switch off: again: FAILED. '),
      expect.stringContaining('an engineer: deploy:rerun: FAILED. The deploy job never ran'),
    ]);
  }, 120_000);

  it.each([
    ['only --yes', ['--yes'], 'the moment is given twice'],
    ['no reference', ['--yes', '--confirm-to', moment], 'its reference stands beside --yes'],
    [
      'a wrong reference',
      ['--yes', '--confirm-to', moment, '--project', 'a'.repeat(20)],
      'not the reference of the configured project',
    ],
    ['nobody to ask', [], 'no terminal to confirm on'],
  ])(
    'restores nothing with %s',
    async (_, args, message) => {
      const ended = await incident('restore', '--to', moment, ...app, ...args);
      expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
      expect(ended.stderr).toContain('PRODUCTION uses this project');
      expect(management.store.state.restoredTo).toEqual([]);
    },
    30_000,
  );

  it('lists what could be restored, and refuses a moment outside of it', async () => {
    expect((await incident('restore')).stderr).toMatch(/Point-in-time recovery: from .*Z to .*Z[\s\S]*daily backup/);
    expect(await incident('restore', '--to', '2020-01-01T00:00:00Z', '--yes', ...app)).toMatchObject({ code: 1 });
    for (const [args, message] of [
      [['--to', '2026-01-31T22:00:00'], 'a time with its zone'],
      [['--to', '2026'], 'a time with its zone'],
      [['--to', moment, '--timeout', 'abc'], '--timeout is a number'],
    ] as const) {
      expect(await incident('restore', ...args, '--yes', ...app)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(message),
      });
    }
    expect(await incident('restore', '--to', moment, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--application PATH'),
    });
    expect(management.store.state.restoredTo).toEqual([]);
  }, 30_000);

  it('restores behind both confirmations, applies the migrations again, and closes only after a smoke test', async () => {
    // The same moment in another zone.
    const elsewhere = moment.replace(/\.\d+Z$/, '+00:00');
    const consent = ['--yes', '--confirm-to', elsewhere, '--project', ref, '--timeout', '20', ...app];
    const thrown = "update agent_runtime_config set actions_disabled = true, reason = 'nonsense', updated_at = now()";
    const row = "select actions_disabled, reason from agent_runtime_config where config_key = 'global'";
    const { superuser } = await world.supabase.database();
    const notesTable = async () =>
      (await superuser.query("select 1 from pg_tables where tablename = 'visit_notes'")).rows.length;
    const close = (...args: string[]) => incident('close', '--root-cause', 'A bad migration', '--yes', ...args);
    expect(await close()).toMatchObject({ code: 1, stderr: expect.stringContaining('when a smoke test passes') });
    const foreign = await close('--url', 'https://staging--practice.evil.example', '--smoke', 'true');
    expect(foreign).toMatchObject({ code: 1, stderr: expect.stringContaining('--url is no address of staging') });

    await superuser.exec(thrown);
    world.faults.set([{ service: 'supabaseManagement', path: 'query', status: 500 }]);
    expect(await incident('restore', '--to', moment, ...consent)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the restore lets the AGENTS ACT AGAIN'),
      stdout: expect.stringMatching(
        /It is thrown again, and read back[\s\S]*could NOT be applied again[\s\S]*Next: npm run incident -- migrate/i,
      ),
    });
    world.faults.set([]);
    expect((await superuser.query(row)).rows).toEqual([
      { actions_disabled: true, reason: expect.stringMatching(/^thrown again after a restore; before: nonsense/) },
    ]);
    expect(management.store.state.restoredTo).toEqual([Date.parse(moment) / 1000]);
    expect(await notesTable()).toBe(0);
    expect(await close('--url', staging, '--smoke', 'true')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the migrations must be applied again'),
    });
    expect(await incident('migrate', '--yes', ...app)).toMatchObject({ code: 1 });
    expect(await incident('migrate', '--yes', '--project', ref)).toMatchObject({ code: 1 });
    expect((await incident('migrate', '--yes', '--project', ref, ...app)).stdout).toContain(`${version}_visit_notes`);
    expect(await notesTable()).toBe(1);
    expect((await incident('migrate', '--yes', '--project', ref, ...app)).stdout).toContain(
      'The history has all migrations',
    );
    const ledger = `select name, statements from supabase_migrations.schema_migrations where version = '${version}'`;
    expect((await superuser.query<{ name: string; statements: string[] }>(ledger)).rows).toEqual([
      { name: 'visit_notes', statements: expect.arrayContaining([expect.stringMatching(/^create table/m)]) },
    ]);

    expect(await close()).toMatchObject({ code: 1, stderr: expect.stringContaining('when a smoke test passes') });
    const notStagings = await close('--url', 'https://staging--practice.evil.example', '--smoke', 'true');
    expect(notStagings).toMatchObject({ code: 1, stderr: expect.stringContaining('--url is no address of staging') });
    expect((await close('--url', staging, '--smoke', 'node -e process.exit(2) --')).code).toBe(2);
    expect((await close('--url', staging, '--smoke', 'true')).code).toBe(0);
    const folder = join(world.root, 'incidents');
    const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.md'));
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(
      /A bad migration[\s\S]*Opened[\s\S]*Restored to[\s\S]*Migrations applied again[\s\S]*FAILED[\s\S]*passed[\s\S]*Closed/,
    );
    expect(JSON.stringify(slack.messages().at(-1))).toContain('A bad migration');
    expect(await incident('update', '--text', 'x', '--yes')).toMatchObject({ code: 1 });
  }, 120_000);

  it('restores once when the answer is lost, and says when a migration does not apply', async () => {
    await incident('start', '--title', 'Again', '--kind', 'supabase', '--yes');
    const before = management.store.state.restoredTo.length;
    world.faults.set([{ service: 'supabaseManagement', path: 'restore', connection: 'reset', afterEffect: true }]);
    const bad = join(world.root, 'app/supabase/migrations');
    mkdirSync(bad, { recursive: true });
    writeFileSync(join(bad, '20260902000000_bad.sql'), 'create table half (id int); select 1/0;');
    const consent = ['--yes', '--confirm-to', moment, '--project', ref, '--timeout', '20'];
    const ended = await incident('restore', '--to', moment, ...consent, '--migrations', bad);
    world.faults.set([]);
    expect(ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/20260902000000_bad was not applied.*22012: division by zero/),
    });
    expect(management.store.state.restoredTo).toHaveLength(before + 1);
    const { superuser } = await world.supabase.database();
    expect(
      (await superuser.query("select 1 from pg_tables where tablename in ('half', 'visit_notes')")).rows,
    ).toHaveLength(1);
  }, 60_000);

  it('names each open incident by id and title while there are several, and works with --id', async () => {
    const ids = () =>
      readdirSync(join(world.root, 'incidents')).flatMap((name) => {
        const { id, closedAt } = JSON.parse(readFileSync(join(world.root, 'incidents', name), 'utf8')) as {
          id: string;
          closedAt?: string;
        };
        return closedAt === undefined ? [id] : [];
      });
    rmSync(join(world.root, 'incidents'), { recursive: true, force: true });
    await incident('start', '--title', 'Data is wrong', '--kind', 'supabase', '--yes');
    const [first = ''] = ids();
    const started = await incident('start', '--title', 'And slow', '--kind', 'supabase', '--yes');
    const second = ids().find((id) => id !== first) ?? '';
    expect(started).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`the next commands want --id ID:\n  ${first}  Data is wrong\n`),
      stdout: expect.stringContaining(`npm run incident -- restore --id ${second}\n`),
    });
    const listed = `which of those that are open:\n  ${first}  Data is wrong\n  ${second}  And slow\n`;
    for (const step of [
      ['update', '--text', 'x'],
      ['restore', '--dry-run'],
      ['close', '--root-cause', 'x'],
    ]) {
      expect(await incident(...step)).toMatchObject({ code: 1, stderr: expect.stringContaining(listed) });
      expect((await incident(...step, '--id', second, '--dry-run')).code).toBe(0);
    }
    expect(await incident('update', '--text', 'x', '--id', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no incident x in '),
    });
  }, 60_000);
});
