import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createOnePassword,
  serviceAccountToken,
  type OnePassword,
} from '../../../sandbox/standIns/onepassword/index.ts';
import { createSlack, type SlackService } from '../../../sandbox/standIns/slack/service.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { killAll, processTree } from '../../support/killTree.ts';
import { endRuns } from '../deploy/history.ts';
import { recordDeploy, startWorld, type World } from './world.ts';
import { fixtureFile } from '../../support/fixture.ts';

const project = 'wnnjeqheqxxyrgsjmygy';
const consent = ['--yes', '--project', project];
const webhook = `/services/T1/B1/${randomBytes(12).toString('hex')}`;
const committed = readFileSync(fixtureFile, 'utf8');
let world: World;
let management: SupabaseManagement;
let slack: SlackService;
let vault: OnePassword;
beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [
      (management = createSupabaseManagement({ stateDir, database: () => world.supabase.database() })),
      (slack = createSlack({ stateDir, webhookPath: webhook })),
      (vault = createOnePassword({ stateDir })),
    ],
  });
  world.secrets.push(management.store.state.token, webhook);
  cpSync('package.json', join(world.root, 'package.json'));
  for (const shared of ['launch', 'node_modules']) symlinkSync(join(process.cwd(), shared), join(world.root, shared));
  execFileSync('git', ['init', '-q'], { cwd: world.root });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.faults.set([]);
  writeFileSync(join(world.root, 'Pulumi.staging.yaml'), committed);
});

interface Moment {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  /** The request took effect, and its answer never came. */
  readonly afterEffect: boolean;
}

const environment = () => ({
  SUPABASE_ACCESS_TOKEN: management.store.state.token,
  SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
  SLACK_WEBHOOK_URL: `${world.urls.slack ?? ''}${webhook}`,
  ALERT_STATE_DIR: join(world.stateDir, 'alerts'),
});

/** Runs a command and kills it with all that it started while it waits for the answer to this request. */
async function killedAt(entry: string, args: readonly string[], moment: Moment, env: Record<string, string> = {}) {
  world.faults.set([{ ...moment, connection: 'hang' }]);
  const start = world.log.length;
  let pid = 0;
  const ended = world.run(entry, args, { ...environment(), ...env }, { started: (id) => (pid = id) });
  const arrived = () => world.log.slice(start).some(({ fault }) => fault === 'hang');
  const over: unknown[] = [];
  void ended.then((how) => over.push(how));
  while (!arrived() && over.length === 0) await sleep(20);
  killAll(processTree(pid));
  expect(await ended).toMatchObject({ code: null });
  world.faults.set([]);
}

const run = (entry: string, args: readonly string[], env: Record<string, string> = {}) =>
  world.run(entry, args, { ...environment(), ...env });

const both = [{ afterEffect: false }, { afterEffect: true }];

describe('killed half way, and run again', () => {
  it.each(both)(
    'kill-switch off (%o)',
    async ({ afterEffect }) => {
      const { superuser } = await world.supabase.database();
      await superuser.query('update agent_runtime_config set actions_disabled = false');
      const off = ['off', '--reason', 'wild agents', ...consent];
      await killedAt('commands/killSwitch/command.ts', off, { service: 'supabase', method: 'POST', afterEffect });
      expect((await run('commands/killSwitch/command.ts', off)).code).toBe(0);
      const { rows } = await superuser.query('select actions_disabled, reason, updated_by from agent_runtime_config');
      expect(rows).toEqual([{ actions_disabled: true, reason: 'wild agents (by an engineer)', updated_by: null }]);
    },
    60_000,
  );

  it.each([
    { what: 'the value', method: 'PATCH', path: '/env' },
    { what: 'the redeploy', method: 'POST', path: '/builds$' },
  ])(
    'kill-switch off --emergency, at $what',
    async ({ method, path }) => {
      await world.deploy('develop', 'a page');
      const args = ['--emergency', ...consent, '--reason', 'x', '--redeploy', 'netlify', '--timeout', '30'];
      expect((await run('commands/killSwitch/command.ts', ['restore', ...args])).code).toBe(0);
      const before = await world.published();
      await killedAt('commands/killSwitch/command.ts', ['off', ...args], {
        service: 'netlify',
        method,
        path,
        afterEffect: true,
      });
      // Written down first: whatever else happened, no later `pulumi up` takes it back.
      expect(readFileSync(join(world.root, 'Pulumi.staging.yaml'), 'utf8')).toMatch(
        /AGENT_ACTIONS_DISABLED:\n +value: "true"/,
      );
      const again = await run('commands/killSwitch/command.ts', ['off', ...args]);
      expect(again).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Edge Function secret AGENT_ACTIONS_DISABLED=true: read back/),
      });
      expect(Object.entries(world.netlifyValues()).filter(([name]) => name.startsWith('AGENT_'))).toEqual([
        ['AGENT_ACTIONS_DISABLED branch:develop', 'true'],
        ['AGENT_ACTIONS_DISABLED branch:staging', 'true'],
      ]);
      expect(await world.published()).toBe(before);
    },
    90_000,
  );

  it.each([
    ...both.map((each) => ({ ...each, method: 'POST' })),
    { afterEffect: true, method: 'GET', path: '/branches/' },
  ])(
    'db:branch:create (%o): one branch, healthy',
    async (moment) => {
      management.store.update((state) => Object.assign(state, { branches: [] }));
      const create = ['create', 'mine', '--yes', '--timeout', '30'];
      await killedAt('commands/dbBranch/command.ts', create, { service: 'supabaseManagement', ...moment });
      expect(await run('commands/dbBranch/command.ts', create)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('is healthy'),
      });
      expect(management.store.state.branches).toHaveLength(1);
    },
    60_000,
  );

  it.each([
    ...both.map((each) => ({ ...each, path: 'restore$' })),
    ...both.map((each) => ({ ...each, path: '/lock$' })),
  ])(
    'deploy:rollback (%o): the good deploy serves, locked',
    async (moment) => {
      const file = join(world.root, 'Pulumi.staging.yaml');
      const own = 'mode: separate-site\n    productionSite: production-elsewhere';
      writeFileSync(file, committed.replace('mode: shared-site', own));
      world.repository((repository) => (repository.deployments.length = 0));
      const good = await world.deploy('main', 'good');
      recordDeploy(world, good);
      const bad = await world.deploy('main', 'bad');
      expect(await world.published()).toBe(bad);
      await killedAt('commands/deploy/command.ts', ['rollback', '--yes'], {
        service: 'netlify',
        method: 'POST',
        ...moment,
      });
      const again = await run('commands/deploy/command.ts', ['rollback', '--yes', '--json']);
      expect(again.code).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ published: good, locked: true });
      expect((await run('commands/deploy/command.ts', ['unlock', '--yes'])).code).toBe(0);
    },
    60_000,
  );

  it('deploy:rerun and deploy:rollback on the shared site: the job runs once, and is waited for', async () => {
    const [good] = [await world.deploy('develop', 'good'), await world.deploy('develop', 'bad')];
    world.repository((repository) => (repository.deployments.length = 0));
    recordDeploy(world, good);
    for (const verb of ['rerun', 'rollback']) {
      const start = world.log.length;
      const moment = { service: 'github', method: 'POST', path: 'rerun', afterEffect: true };
      await killedAt('commands/deploy/command.ts', [verb, '--yes'], moment);
      const timer = endRuns(world, 'success');
      expect((await run('commands/deploy/command.ts', [verb, '--yes', '--timeout', '30'])).code).toBe(0);
      clearInterval(timer);
      expect(world.writes(start).filter((write) => write.includes('rerun'))).toHaveLength(1);
    }
  }, 60_000);

  it('env:local: the old file whole, no draft, then the new one', async () => {
    const file = join(world.root, '.env.local');
    writeFileSync(file, 'MINE=1\n', { mode: 0o600 });
    const port = Number(new URL(world.urls.onepassword ?? '').port);
    const env = { STAGING_VAULT: 'on', OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, port) };
    await killedAt('commands/envLocal/command.ts', ['--yes'], { service: 'onepassword', afterEffect: true }, env);
    expect(readFileSync(file, 'utf8')).toBe('MINE=1\n');
    expect((await run('commands/envLocal/command.ts', ['--yes'], env)).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^MINE=1\n/);
    expect(text.includes(vault.vault.read('default_organization_id'))).toBe(true);
    expect(readdirSync(world.root).filter((name) => name.startsWith('.env'))).toEqual(['.env.local']);
  }, 60_000);

  it('incident: one record, the channel told; a restore that is under way is not begun again', async () => {
    const start = ['start', '--title', 'Data is wrong', '--kind', 'supabase', '--yes'];
    const records = () => readdirSync(join(world.root, 'incidents')).filter((name) => name.endsWith('.json'));
    await killedAt('commands/incident/command.ts', start, { service: 'github', method: 'GET', afterEffect: true });
    expect(records()).toHaveLength(1);
    await killedAt('commands/incident/command.ts', start, { service: 'slack', afterEffect: false });
    expect((await run('commands/incident/command.ts', start)).code).toBe(0);
    expect(records()).toHaveLength(1);
    expect(slack.messages()).toHaveLength(1);

    const moment = new Date(Math.floor(Date.now() / 1000) * 1000 - 3600_000).toISOString();
    const migrations = join(world.root, 'app', 'supabase', 'migrations');
    mkdirSync(migrations, { recursive: true });
    writeFileSync(join(migrations, '20991231000000_newest.sql'), 'select 1;\n');
    const confirmed = [...consent, '--confirm-to', moment, '--timeout', '30', '--application', 'app'];
    const restore = ['restore', '--to', moment, ...confirmed];
    await killedAt('commands/incident/command.ts', restore, {
      service: 'supabaseManagement',
      method: 'POST',
      path: 'restore',
      afterEffect: true,
    });
    const again = await run('commands/incident/command.ts', restore);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('under way') });
    expect(management.store.state.restoredTo).toHaveLength(1);
    // Typed once more when it is over: what production wrote since must not be lost.
    const over = await run('commands/incident/command.ts', restore);
    expect(over).toMatchObject({ code: 0, stderr: expect.stringContaining('is not asked for again') });
    expect(management.store.state.restoredTo).toHaveLength(1);

    const close = [
      'close',
      '--root-cause',
      'A bad migration',
      '--yes',
      '--url',
      'https://staging--allincompassing.netlify.app',
      '--smoke',
      'true',
    ];
    await killedAt('commands/incident/command.ts', close, { service: 'slack', afterEffect: false });
    expect((await run('commands/incident/command.ts', close)).code).toBe(0);
    expect(JSON.parse(readFileSync(join(world.root, 'incidents', records()[0] ?? ''), 'utf8'))).toMatchObject({
      rootCause: 'A bad migration',
      closedAt: expect.any(String),
    });
    expect(existsSync(join(world.root, 'incidents', (records()[0] ?? '').replace('.json', '.md')))).toBe(true);
  }, 120_000);
});
