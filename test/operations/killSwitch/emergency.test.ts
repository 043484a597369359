import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { declareValue } from '../../../operations/killSwitch/configuration.ts';
import { startWorld, type World } from '../world.ts';

const entry = 'operations/killSwitch.ts';
const args = [
  '--emergency',
  '--yes',
  '--reason',
  'agents run wild',
  '--by',
  'Ada',
  '--redeploy',
  'netlify',
  '--timeout',
  '30',
];
let world: World;
let committed: string;
const file = () => join(world.root, 'Pulumi.staging.yaml');
beforeAll(async () => {
  world = await startWorld();
  committed = readFileSync(file(), 'utf8');
  await world.deploy('develop', 'a page');
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.faults.set([]);
  writeFileSync(file(), committed);
});

const values = () =>
  Object.fromEntries(Object.entries(world.netlifyValues()).filter(([name]) => name.startsWith('AGENT_ACTIONS')));

const trace = async (step: string, payload: object) =>
  (await world.supabase.database()).superuser.query(
    'insert into agent_execution_traces (request_id, correlation_id, step_name, status, payload) values ($1, $1, $2, $3, $4)',
    ['request-1', step, 'ok', JSON.stringify(payload)],
  );

// No pulumi is on the PATH here: the state backend is "down" in every one of these. With the stack: test/engine.
describe('kill-switch --emergency (level 2)', () => {
  it('works with vault, database and state down: value, configuration, redeploy, proof; production as it was', async () => {
    const before = await world.published();
    world.faults.set([{ service: 'supabase', status: 500 }]);
    const ended = await world.run(entry, ['off', ...args]);
    expect(ended.stderr).toContain('Setting it directly on Netlify');
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Proved: https:.* runs with agents DISABLED/),
    });
    expect(ended.stdout).toContain('npm run adopt');
    expect(values()).toEqual({
      'AGENT_ACTIONS_DISABLED branch:develop': 'true',
      'AGENT_ACTIONS_DISABLED branch:staging': 'true',
    });
    expect(await world.published()).toBe(before);
    const written = readFileSync(file(), 'utf8');
    expect(written).toMatch(
      /# EMERGENCY: agents stopped by Ada at .*Z: agents run wild\n +AGENT_ACTIONS_DISABLED:\n +value: "true"/,
    );
    const rest = written.split('\n').filter((line) => !committed.includes(line));
    expect(rest).toHaveLength(3);
  }, 60_000);

  it('shows both levels, which decides, and that the configuration agrees', async () => {
    await world.run(entry, ['off', ...args]);
    const status = await world.run(entry, ['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({
      staging: 'disabled',
      production: 'enabled',
      decidedBy: 'netlify',
      declared: 'true',
      netlify: { disabled: true, deployed: true },
      table: { disabled: false },
    });
    expect((await world.run(entry, ['status'])).stdout).toContain(
      'the emergency variable on Netlify wins over the table',
    );
    world.faults.set([{ service: 'supabase', connection: 'reset' }]);
    const half = await world.run(entry, ['status', '--json']);
    expect(JSON.parse(half.stdout)).toMatchObject({ staging: 'disabled', production: 'unknown' });
    expect(half.code).toBe(1); // what production's agents do is half of the answer
  }, 60_000);

  it.each(['TRUE', '1', 'yes', 'false'])(
    'overrides by nothing but true: not by %j',
    async (value) => {
      await world.run(entry, ['off', ...args.slice(0, -4), '--redeploy', 'none']);
      world.netlify(({ variables }) => {
        const all = Object.values(variables).flat();
        for (const one of all.find(({ key }) => key === 'AGENT_ACTIONS_DISABLED')?.values ?? []) one.value = value;
      });
      const { stdout } = await world.run(entry, ['status', '--json']);
      expect(JSON.parse(stdout)).toMatchObject({
        staging: 'enabled',
        decidedBy: 'neither',
        netlify: { disabled: false },
      });
    },
    60_000,
  );

  it.each([
    ['true', 'off'],
    ['false', 'restore'],
  ])(
    'says that `pulumi up` leaves a key that is not declared as it is (%s), and how to write it down',
    async (value, verb) => {
      await world.run(entry, [value === 'true' ? 'off' : 'restore', ...args.slice(0, -4), '--redeploy', 'none']);
      writeFileSync(file(), committed);
      const { code, stdout } = await world.run(entry, ['status']);
      expect(code).toBe(0);
      expect(stdout).toContain(
        'AGENT_ACTIONS_DISABLED is not declared: `pulumi up` leaves it on Netlify as it is. ' +
          `To write it down: npm run kill-switch -- ${verb} --emergency --reason TEXT\n`,
      );
    },
    60_000,
  );

  it('says that the next `pulumi up` would change what is declared and differs; a reference is not compared', async () => {
    await world.run(entry, ['off', ...args.slice(0, -4), '--redeploy', 'none']);
    const declared = readFileSync(file(), 'utf8');
    writeFileSync(file(), declared.replace('value: "true"', 'value: "false"'));
    expect((await world.run(entry, ['status'])).stdout).toContain(
      'AGENT_ACTIONS_DISABLED is false, which is not what Netlify has: the next `pulumi up` would change it\n',
    );
    writeFileSync(file(), declared.replace('value: "true"', 'from: op://Platform/Agents/disabled'));
    expect((await world.run(entry, ['status'])).stdout).toContain(
      'AGENT_ACTIONS_DISABLED is op://Platform/Agents/disabled\n',
    );
  }, 60_000);

  it('says why the stack could not: each error that Pulumi reports, without what follows it, and no secret', async () => {
    const bin = join(world.root, '..', 'bin');
    mkdirSync(bin, { recursive: true });
    const dump = 'whatever a provider dumps';
    const output = `Updating (staging):
    pulumi:pulumi:Stack allincompassing-staging running error: [ERROR] while it runs
Diagnostics:
  pulumi:pulumi:Stack (allincompassing-staging):
    error: 1Password failed; nothing was changed. Look at its status page, then run again.
      - op://Platform/Supabase/url: ${dump}
    error: Netlify refused $NETLIFY_API_TOKEN

Resources:
    1 errored`;
    writeFileSync(join(bin, 'pulumi'), `#!/bin/sh\ncat <<END\n${output}\nEND\nexit 1\n`, { mode: 0o755 });
    const path = { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
    const ended = await world.run(entry, ['off', ...args.slice(0, -4), '--redeploy', 'none'], path);
    expect(ended.stderr).toContain(`The stack could not do it:
  pulumi up --stack failed (exit 1).
  error: 1Password failed; nothing was changed. Look at its status page, then run again.
  error: Netlify refused ****
Setting it directly on Netlify …
`);
    expect(ended.stderr).not.toContain(dump);
    expect(Object.values(values())).toEqual(['true', 'true']);
  }, 60_000);

  it('restores: false everywhere, written down as false, because a key that leaves the configuration stays', async () => {
    const ended = await world.run(entry, ['restore', ...args]);
    expect(ended.code).toBe(0);
    expect(Object.values(values())).toEqual(['false', 'false']);
    expect(readFileSync(file(), 'utf8')).toMatch(/AGENT_ACTIONS_DISABLED:\n +value: "false"/);
  }, 60_000);

  it.each([
    { name: '429', fault: { status: 429, headers: { 'retry-after': '1' }, times: 1 } },
    { name: '409', fault: { status: 409, times: 1 } },
    { name: '500', fault: { status: 500, times: 1 } },
    { name: 'reset after the write', fault: { connection: 'reset' as const, afterEffect: true, times: 1 } },
    { name: 'half an answer', fault: { connection: 'half' as const, times: 1 } },
  ])(
    'gets through $name on the write',
    async ({ fault }) => {
      world.faults.set([{ service: 'netlify', path: '/env', method: 'PATCH', ...fault }]);
      const verb = Object.values(values()).includes('true') ? 'restore' : 'off';
      const ended = await world.run(entry, [verb, ...args.slice(0, -4), '--redeploy', 'none']);
      expect(Object.values(values())).toEqual(verb === 'off' ? ['true', 'true'] : ['false', 'false']);
      expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('NOT PROVED: no redeploy was wanted') });
    },
    60_000,
  );

  it.each([401, 403])(
    'writes nothing down when Netlify refuses the token (%d)',
    async (status) => {
      world.faults.set([{ service: 'netlify', status }]);
      const ended = await world.run(entry, ['off', ...args]);
      expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Set NETLIFY_API_TOKEN') });
      expect(readFileSync(file(), 'utf8')).toBe(committed);
    },
    30_000,
  );

  it('says that it is not proved when the build fails, and keeps the variable', async () => {
    world.faults.set([{ service: 'netlify', method: 'POST', path: '/builds$', status: 500 }]);
    const ended = await world.run(entry, ['off', ...args]);
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringMatching(/NOT PROVED: Netlify POST .*500/) });
    expect(Object.values(values())).toEqual(['true', 'true']);
  }, 30_000);

  it('changes nothing with --dry-run', async () => {
    const start = world.log.length;
    expect((await world.run(entry, ['off', ...args, '--dry-run'])).code).toBe(0);
    expect(world.writes(start)).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe(committed);
  });

  it('leaves the rest of the declaration as it was: other contexts, scopes', () => {
    const declared = (head: string) => `config:
  allincompassing:netlify:
    variables:
${head}
        otherContexts:
          production: op://Platform/Agents/disabled
        scopes: [functions]
`;
    writeFileSync(file(), declared('      AGENT_ACTIONS_DISABLED:\n        from: op://Platform/Agents/staging'));
    declareValue(file(), 'true', 'why');
    const lines = readFileSync(file(), 'utf8').split('\n');
    expect(lines.slice(3, 5)).toEqual(['      # why', '      AGENT_ACTIONS_DISABLED:']);
    const rest = lines.slice(5).map((line) => line.trim());
    expect(rest.filter(Boolean).sort()).toEqual([
      'otherContexts:',
      'production: op://Platform/Agents/disabled',
      'scopes: [functions]',
      'value: "true"',
    ]);
  });

  it('judges the branch that was deployed last, and verifies from its first deploy after the change', async () => {
    await world.run(entry, ['restore', ...args.slice(0, -4), '--redeploy', 'none']);
    await world.run(entry, ['off', ...args.slice(0, -4), '--redeploy', 'none']);
    expect(await world.run(entry, ['verify'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no effect before a deploy'),
    });
    await trace('execution.action.completed', {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    await world.deploy('staging', 'by the job'); // develop's newest deploy stays older than the change
    await trace('execution.gate.denied', { killSwitchEnabled: true });
    const status = async () => JSON.parse((await world.run(entry, ['status', '--json'])).stdout) as unknown;
    expect(await status()).toMatchObject({ staging: 'disabled', netlify: { deployed: true } });
    const proof = await world.run(entry, ['verify', '--grace', '0']);
    expect(proof).toMatchObject({ code: 0, stdout: expect.stringContaining("production's agents may still act") });
    world.netlify(({ variables }) => {
      const found = Object.values(variables)
        .flat()
        .find(({ key }) => key === 'AGENT_ACTIONS_DISABLED');
      found?.values.splice(1);
      for (const one of found?.values ?? []) Object.assign(one, { context: 'all', context_parameter: undefined });
    });
    expect(await status()).toMatchObject({ staging: 'disabled', netlify: { values: {}, inherited: 'true' } });
  }, 60_000);
});
