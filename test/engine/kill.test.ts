import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { leftProviders } from '../../engine/leftProviders.ts';
import { memoryFolder } from '../../adoption/leftovers.ts';
import { githubSecrets, githubVariables } from '../../sandbox/standIns/github/index.ts';
import { sandboxPaths } from '../../sandbox/process/paths.ts';
import type { Fault } from '../../sandbox/server/faults.ts';
import { changeByHand } from '../support/drift/handChange.ts';
import { expectFine, startProject, type Project } from '../support/project.ts';
import { interruptedUpdate, killUpdate as killProjectUpdate } from '../support/state/interruptedUpdate.ts';
import { killAll, processTree } from '../support/killTree.ts';
import { takeSnapshot } from '../support/state/snapshot.ts';
import { productionValues, writesSince } from '../support/writes.ts';

let project: Project;
let restore: () => void;
let production: string[];
/** What a first update that nobody kills leaves behind. */
let provisioned: readonly string[];

/** The writes of a first update after adoption; `nth` counts those of the same method and path. */
const firstUpdate = [
  { service: 'netlify', method: 'POST', path: '/env$', nth: 0 },
  { service: 'netlify', method: 'POST', path: '/env$', nth: 1 },
  { service: 'netlify', method: 'PUT', path: '/env/DEFAULT_ORGANIZATION_ID$', nth: 0 },
  { service: 'netlify', method: 'PUT', path: '/env/SUPABASE_ANON_KEY$', nth: 0 },
  { service: 'netlify', method: 'PUT', path: '/env/SUPABASE_SERVICE_ROLE_KEY$', nth: 0 },
  { service: 'netlify', method: 'PUT', path: '/env/SUPABASE_URL$', nth: 0 },
  { service: 'github', method: 'PUT', path: '/secrets/DEFAULT_ORGANIZATION_ID$', nth: 0 },
  { service: 'github', method: 'PUT', path: '/secrets/NETLIFY_AUTH_TOKEN$', nth: 0 },
  { service: 'github', method: 'PUT', path: '/secrets/NETLIFY_STAGING_SITE_ID$', nth: 0 },
  { service: 'github', method: 'PUT', path: '/secrets/SLACK_WEBHOOK_URL$', nth: 0 },
  { service: 'github', method: 'POST', path: '/variables$', nth: 0 },
  { service: 'github', method: 'POST', path: '/rulesets$', nth: 0 },
  { service: 'supabaseManagement', method: 'POST', path: '/secrets$', nth: 0 },
] as const;

const digest = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 12);

/** Everything that is on the services: values on Netlify, GitHub's secrets and variables, the Edge Functions' secrets. No value can be read from it. */
const stagingState = () => [
  ...project
    .netlify()
    .map(({ key, context, contextParameter = '', value }) => `${key} ${context} ${contextParameter} ${digest(value)}`),
  ...[...githubSecrets(project.sandbox.stateDir), ...githubVariables(project.sandbox.stateDir)]
    .map(({ name, value }) => `${name} ${digest(value)}`)
    .sort(),
  ...Object.entries(project.sandbox.standIns().supabaseManagement.store.state.secrets ?? {})
    .map(([name, { value }]) => `${name} ${digest(value)}`)
    .sort(),
];

const locks = () =>
  readdirSync(join(sandboxPaths(project.sandbox.dir).pulumiState, '.pulumi', 'locks'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map(({ name }) => name);

const interrupted = (faults: readonly Fault[]) => interruptedUpdate(project, faults);
const killUpdate = (faults: readonly Fault[], enough?: number) => killProjectUpdate(project, faults, enough);

/** The secret key that production reads: `--yes` alone does not say that the killed run wrote it. */
const secretOfProduction = 'SUPABASE_SERVICE_ROLE_KEY';
const arrived = ['--arrived', secretOfProduction];

/** Recovers, and yields what it printed. Nothing is written to any service. */
async function recover(answers: readonly string[] = arrived): Promise<string> {
  const start = project.sandbox.log().length;
  const output = await recoverBeside(answers);
  expect(writesSince(project, start)).toEqual([]);
  return output;
}

/** Recovers while a provider may still write. */
async function recoverBeside(answers: readonly string[] = arrived): Promise<string> {
  const output = await expectFine(project.command('commands/recover/command.ts', ['--yes', ...answers]));
  expect(locks()).toEqual([]);
  return output;
}

/** The state after recovery and one more update is the one that an undisturbed update leaves. */
async function expectConverged(): Promise<void> {
  await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
  await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
  expect(stagingState()).toEqual(provisioned);
  expect(productionValues(project)).toEqual(production);
}

beforeAll(async () => {
  const values = 'allincompassing:values';
  project = await startProject({
    stage: 'adopted',
    configuration: [
      [['github:writeDelayMs'], '1'],
      [[values, 'EDGE_ONLY'], { from: 'op://Platform/Supabase/openai_api_key', edgeFunction: true }],
      [[values, 'CHANNEL'], { value: '#deployments', actionsVariable: true }],
    ],
  });
  production = productionValues(project);
  restore = takeSnapshot(project);
}, 900_000);
afterAll(() => project.close());

describe('an update that nobody kills', () => {
  it('makes the writes that this test kills it at, and no other', async () => {
    const start = project.sandbox.log().length;
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    const made = writesSince(project, start).map(({ service, method, path }) => ({ service, method, path }));
    const expected = firstUpdate.map(({ service, method, path }) => `${service} ${method} ${path}`);
    const named = made.map(({ service, method, path }) => {
      const known = firstUpdate.find(
        (each) => each.service === service && each.method === method && new RegExp(each.path).test(path),
      );
      return `${service} ${method} ${known?.path ?? path}`;
    });
    expect(named.sort()).toEqual(expected.sort());
    provisioned = stagingState();
  }, 120_000);
});

describe('recovery', () => {
  beforeEach(() => {
    project.sandbox.faults.set([]);
    restore();
  });

  it.each(firstUpdate)(
    'converges after a kill when $method $path (#$nth) has taken effect',
    async ({ service, method, path, nth }) => {
      await killUpdate([{ service, method, path, after: nth, connection: 'hang', afterEffect: true }]);
      expect(locks()).toHaveLength(1);
      await recover();
      await expectConverged();
    },
    180_000,
  );

  it('is named by every command that cannot read a state whose sidecar a kill has cut short', async () => {
    const backend = fileURLToPath(project.environment.PULUMI_BACKEND_URL ?? '');
    writeFileSync(join(backend, '.pulumi', 'stacks', 'allincompassing', 'staging.json.attrs'), '{"user.');
    for (const [entry, ...args] of [
      ['commands/adopt/command.ts', '--dry-run'],
      ['commands/drift/command.ts'],
    ] as const) {
      const { code, output } = await project.command(entry, args, { env: { STAGING_VAULT: 'off' } });
      expect([entry, code, output]).toEqual([entry, 1, expect.stringContaining('killed half way: npm run recover')]);
    }
    await recover([]);
    expect((await project.command('commands/adopt/command.ts', ['--dry-run'])).code).toBe(0);
  }, 180_000);

  it('leaves to the next update what never reached the services', async () => {
    const hang = { connection: 'hang' } as const;
    await killUpdate(
      [
        { ...hang, service: 'netlify', method: 'POST' },
        { ...hang, service: 'netlify', method: 'PUT' },
      ],
      6,
    );
    const adoption = await project.command('commands/adopt/command.ts', ['--yes', '--production-from-vault']);
    expect([adoption.code, adoption.output]).toEqual([1, expect.stringContaining('killed half way: npm run recover')]);
    expect(await recover()).toContain('clear ');
    await expectConverged();
  }, 180_000);

  it('ends the providers that outlived the engine, and only then judges', async () => {
    const { update, processes } = await interrupted([{ service: 'netlify', method: 'POST', connection: 'hang' }]);
    killAll(processes.slice(0, 1));
    await update;
    project.sandbox.faults.set([]);
    const place = { root: project.root, project: 'allincompassing' };
    expect((await leftProviders(place)).length).toBeGreaterThan(0);
    const dry = await expectFine(project.command('commands/recover/command.ts', ['--dry-run']));
    expect(dry).toContain('may still write');
    const output = await recoverBeside();
    expect(output).toContain('The stack is in order.');
    expect(output).toContain('npm run recover -- --arrived KEY');
    expect(await leftProviders(place)).toEqual([]);
    await expectConverged();
  }, 180_000);

  it('mends a state that Pulumi cannot read because the kill cut short what lies beside it', async () => {
    const stacks = join(sandboxPaths(project.sandbox.dir).pulumiState, '.pulumi', 'stacks', 'allincompassing');
    truncateSync(join(stacks, 'staging.json.attrs'));
    expect((await project.pulumi(['stack', 'export'])).output).toContain('failed to load checkpoint: EOF');
    const dry = await expectFine(project.command('commands/recover/command.ts', ['--dry-run']));
    expect(dry).toContain('mend ');
    expect((await project.pulumi(['stack', 'export'])).code).not.toBe(0);
    await recover();
    await expectConverged();
  }, 180_000);

  it('refuses while the owner of the lock runs, and names it', async () => {
    const { update, processes } = await interrupted([{ service: 'netlify', method: 'PUT', connection: 'hang' }]);
    const { code, output } = await project.command('commands/recover/command.ts', ['--yes']);
    expect(code).toBe(1);
    expect(output).toContain(`process ${processes[0] ?? 0}`);
    expect(locks()).toHaveLength(1);
    killAll(processes);
    await update;
  }, 180_000);

  it('refuses a lock of another machine, and leaves the decision to a person', async () => {
    const folder = join(
      sandboxPaths(project.sandbox.dir).pulumiState,
      '.pulumi',
      'locks',
      'organization',
      'allincompassing',
      'staging',
    );
    mkdirSync(folder, { recursive: true });
    const lock = { pid: 1, username: 'ann', hostname: 'laptop-of-ann', timestamp: new Date().toISOString() };
    writeFileSync(join(folder, 'c0ffee.json'), JSON.stringify(lock));
    const { code, output } = await project.command('commands/recover/command.ts', ['--yes']);
    expect(code).toBe(1);
    expect(output).toContain('ann@laptop-of-ann (process 1)');
    expect(output).toContain('pulumi cancel');
    expect(locks()).toEqual(['c0ffee.json']);
  }, 60_000);

  it('has nothing to do for a stack in order', async () => {
    expect(await recover()).toContain('Nothing to recover');
  }, 60_000);
});

describe('recovery of a later update', () => {
  beforeAll(async () => {
    project.sandbox.faults.set([]);
    restore();
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
  }, 120_000);

  it('lets the next update write a rotated secret key of production’s again, whose interrupted write arrived', async () => {
    await sleep(1100); // the provider records whole seconds
    const { vault } = project.sandbox.standIns().onepassword;
    vault.rotate('service_role_key');
    await killUpdate([{ service: 'netlify', method: 'PUT', connection: 'hang', afterEffect: true }]);
    const guarded = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(guarded.code).not.toBe(0);
    expect(await recover()).toContain(`acknowledge netlify-${secretOfProduction}`);
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    const written = project
      .netlify()
      .filter(({ key, context }) => key === 'SUPABASE_SERVICE_ROLE_KEY' && context === 'branch');
    expect(written.map(({ value }) => value === vault.read('service_role_key'))).toEqual([true, true]);
    expect(productionValues(project)).toEqual(production);
  }, 180_000);

  it('never takes a hand rotation of production’s secret for the killed run’s own: the next update refuses until it is allowed', async () => {
    await sleep(1100);
    const { vault } = project.sandbox.standIns().onepassword;
    vault.rotate('service_role_key');
    await killUpdate([{ service: 'netlify', method: 'PUT', connection: 'hang' }]);
    const rotated = ['rotated', 'by', 'hand', String(Date.now())].join('-');
    changeByHand(project, secretOfProduction, rotated);
    production = productionValues(project);
    const output = await recover([]);
    expect(output).toContain(`leave       netlify-${secretOfProduction}`);
    const [, allow = ''] =
      /Next: pulumi up, which refuses to write .+: .*(STAGING_PRODUCTION_CHANGES=\w+) pulumi up/m.exec(output) ?? [];
    const start = project.sandbox.log().length;
    const refused = await project.pulumi(['up', '--yes', '--skip-preview']);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain(`${secretOfProduction} was changed on Netlify at`);
    expect(writesSince(project, start)).toEqual([]);

    // As it says: production's value goes into the vault, then one run is allowed.
    vault.set('production_service_role_key', rotated);
    const [name = '', value = ''] = allow.split('=');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview'], { env: { [name]: value } }));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    expect(productionValues(project)).toEqual(production);
  }, 180_000);

  it('forgets a deleted secret when the interrupted deletion arrived', async () => {
    project.configure(['allincompassing:github', 'onRemoval'], 'delete');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    project.configure(['allincompassing:values', 'SLACK_WEBHOOK_URL'], undefined);
    await killUpdate([{ service: 'github', method: 'DELETE', connection: 'hang', afterEffect: true }]);
    expect(await recover()).toContain('forget');
    await expectFine(project.pulumi(['up', '--yes', '--skip-preview']));
    await expectFine(project.pulumi(['preview', '--refresh', '--expect-no-changes']));
    expect(productionValues(project)).toEqual(production);
  }, 180_000);
});

describe('an adoption that is killed', () => {
  it('leaves files for this user only, and the next recovery takes them away', async () => {
    const fresh = await startProject();
    try {
      fresh.sandbox.faults.set([{ service: 'netlify', method: 'GET', path: '/env/SUPABASE_URL$', connection: 'hang' }]);
      let pid = 0;
      const adoption = fresh.command('commands/adopt/command.ts', ['--yes', '--production-from-vault'], {
        started: (child) => (pid = child.pid ?? 0),
      });
      const ended = adoption.then(() => true);
      const met = () => fresh.sandbox.faults.list().some(({ done }) => done > 0);
      while (!met() && !(await Promise.race([ended, sleep(20, false)])));
      const processes = processTree(pid);
      killAll(processes);
      await adoption;
      const [left = ''] = readdirSync(memoryFolder())
        .filter((name) => processes.some((each) => name.startsWith(`adopt-${each}-`)))
        .map((name) => join(memoryFolder(), name));
      const files = readdirSync(left, { recursive: true }).map((name) => join(left, String(name)));
      expect(files).toContain(join(left, 'project', 'import.json'));
      expect([left, ...files].filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
      fresh.sandbox.faults.set([]);
      await expectFine(fresh.command('commands/recover/command.ts', ['--yes']));
      expect(existsSync(left)).toBe(false);
    } finally {
      await fresh.close();
    }
  }, 180_000);
});
