import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { declareValue } from '../../../killSwitch/configuration.ts';
import type { KillSwitchStatus as Status } from '../../../killSwitch/status.ts';
import { startWorld, type World } from '../every/world.ts';

const entry = 'commands/killSwitch/command.ts';
const ref = 'wnnjeqheqxxyrgsjmygy';
const consent = ['--yes', '--project', ref];
const args = ['--emergency', ...consent, '--reason', 'agents run wild', '--by', 'Ada'];
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

const secret = () => world.functionSecrets().AGENT_ACTIONS_DISABLED;

// No pulumi is on the PATH here: the state backend is "down" in every one of these. With the stack: test/engine.
describe('kill-switch --emergency (level 2)', () => {
  it('works with vault, database and state down: secret, variable, configuration; production’s variables as they were', async () => {
    const before = await world.published();
    world.faults.set([{ service: 'supabase', status: 500 }]);
    const ended = await world.run(entry, ['off', ...args]);
    expect(ended.stderr).toContain("first, in every environment that uses the project, PRODUCTION's agents included");
    expect(ended.stderr).toContain('the agents of every environment that uses the project are refused');
    expect(ended.stderr).toContain('Setting it directly on Netlify');
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Edge Function secret AGENT_ACTIONS_DISABLED=true: read back; read by the agents/),
    });
    expect(ended.stdout).toContain(
      'Netlify variable AGENT_ACTIONS_DISABLED=true: read back; read by nothing that is known.',
    );
    expect(ended.stdout).toContain('npm run adopt');
    expect(secret()).toBe('true');
    expect(values()).toEqual({
      'AGENT_ACTIONS_DISABLED branch:develop': 'true',
      'AGENT_ACTIONS_DISABLED branch:staging': 'true',
    });
    expect(await world.published()).toBe(before);
    const written = readFileSync(file(), 'utf8');
    expect(written).toMatch(
      /# EMERGENCY: agents stopped by Ada at .*Z: agents run wild\n +AGENT_ACTIONS_DISABLED:\n +value: "true"/,
    );
    expect(written.split('\n').filter((line) => !committed.includes(line))).toHaveLength(3);
  }, 60_000);

  it('leaves the time of a secret that is on already, and takes it back with restore', async () => {
    await world.run(entry, ['off', ...args]);
    const status = async () => JSON.parse((await world.run(entry, ['status', '--json'])).stdout) as Status;
    const { secret: first } = await status();
    expect((await world.run(entry, ['off', ...args])).code).toBe(0);
    expect((await status()).secret).toEqual(first);
    const ended = await world.run(entry, ['restore', ...args]);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('AGENT_ACTIONS_DISABLED=false: read back'),
    });
    expect(secret()).toBe('false');
    expect(Object.values(values())).toEqual(['false', 'false']);
    // Written down as false: a key that leaves the configuration stays on Netlify.
    expect(readFileSync(file(), 'utf8')).toMatch(/AGENT_ACTIONS_DISABLED:\n +value: "false"/);
    expect(await status()).toMatchObject({ staging: 'enabled', production: 'enabled', decidedBy: 'neither' });
  }, 60_000);

  it.each([
    ['--yes without the reference', ['--yes'], 'its reference stands beside --yes'],
    ['a wrong reference', ['--yes', '--project', 'x'.repeat(20)], 'not the reference of the configured project'],
    ['no terminal to type it on', [], 'no terminal to confirm on'],
  ])('changes nothing with %s', async (_, given, message) => {
    const start = world.log.length;
    const ended = await world.run(entry, ['off', '--emergency', '--reason', 'x', ...given]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
    expect(world.writes(start)).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe(committed);
  });

  it.each([401, 403, 500])(
    'says that agents still act when Supabase answers %d, and what works without it',
    async (status) => {
      world.faults.set([{ service: 'supabaseManagement', status }]);
      const ended = await world.run(entry, ['off', ...args]);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(
        /AGENTS STILL ACT[\s\S]*To stop them without it: npm run kill-switch -- off --reason TEXT --yes --project/,
      );
      expect(readFileSync(file(), 'utf8')).toBe(committed);
    },
    60_000,
  );

  it.each([
    { name: '429', fault: { status: 429, headers: { 'retry-after': '1' }, times: 1 } },
    { name: '500', fault: { status: 500, times: 1 } },
    { name: 'a reset after the write', fault: { connection: 'reset' as const, afterEffect: true, times: 1 } },
    { name: 'half an answer', fault: { connection: 'half' as const, times: 1 } },
  ])(
    'gets through $name on the write of the secret',
    async ({ fault }) => {
      const wanted = secret() === 'true' ? 'restore' : 'off';
      world.faults.set([{ service: 'supabaseManagement', method: 'POST', ...fault }]);
      expect((await world.run(entry, [wanted, ...args])).code).toBe(0);
      expect(secret()).toBe(wanted === 'off' ? 'true' : 'false');
    },
    60_000,
  );

  it.each([401, 403])(
    'keeps the secret when Netlify refuses the token (%d), writes nothing down, and says that it stops nobody',
    async (status) => {
      world.faults.set([{ service: 'netlify', status }]);
      const ended = await world.run(entry, ['off', ...args]);
      expect(ended).toMatchObject({
        code: 2,
        stdout: expect.stringMatching(/Netlify variable: NOT set \(.*Set NETLIFY/),
      });
      expect(ended.stdout).toContain('It stops nobody: read by nothing that is known.');
      expect(secret()).toBe('true');
      expect(readFileSync(file(), 'utf8')).toBe(committed);
    },
    60_000,
  );

  it('deploys staging when that is wanted, and keeps both values when it fails', async () => {
    world.faults.set([{ service: 'netlify', method: 'POST', path: '/builds$', status: 500 }]);
    const ended = await world.run(entry, ['off', ...args, '--redeploy', 'netlify', '--timeout', '30']);
    expect(ended).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(/=true: read back.*Staging was NOT deployed with it: Netlify POST .*500/s),
    });
    expect(ended.stdout).not.toContain('NOT set');
    expect([secret(), ...Object.values(values())]).toEqual(['true', 'true', 'true']);
  }, 30_000);

  it.each(['TRUE', '1', 'yes'])(
    'does not take Netlify’s variable for a switch: %j stops nobody',
    async (value) => {
      await world.run(entry, ['restore', ...args]);
      world.netlify(({ variables }) => {
        const all = Object.values(variables).flat();
        for (const one of all.find(({ key }) => key === 'AGENT_ACTIONS_DISABLED')?.values ?? []) one.value = value;
      });
      const { code, stdout } = await world.run(entry, ['status']);
      expect(code).toBe(0);
      expect(stdout).toContain("Staging's agents are enabled.");
      expect(stdout).toContain('NOT in effect: nothing is known to read it');
    },
    60_000,
  );

  it.each([
    ['true', 'off'],
    ['false', 'restore'],
  ])(
    'says that `pulumi up` leaves a key that is not declared as it is (%s), and how to write it down',
    async (value, verb) => {
      await world.run(entry, [value === 'true' ? 'off' : 'restore', ...args]);
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
    await world.run(entry, ['off', ...args]);
    const declared = readFileSync(file(), 'utf8');
    writeFileSync(file(), declared.replace('value: "true"', 'value: "false"'));
    expect((await world.run(entry, ['status'])).stdout).toContain(
      'AGENT_ACTIONS_DISABLED is false. Netlify has true: the next `pulumi up` refuses to write false there while that may stop agents. For the agents neither counts\n',
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
    error: 1Password failed; nothing was changed. Check its status page, then run again.
      - op://Platform/Supabase/url: ${dump}
    error: Netlify refused $NETLIFY_API_TOKEN

Resources:
    1 errored`;
    writeFileSync(join(bin, 'pulumi'), `#!/bin/sh\ncat <<END\n${output}\nEND\nexit 1\n`, { mode: 0o755 });
    const path = { PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
    const ended = await world.run(entry, ['off', ...args], path);
    expect(ended.stderr).toContain(`The stack could not do it:
  pulumi up --stack failed (exit 1).
  error: 1Password failed; nothing was changed. Check its status page, then run again.
  error: Netlify refused ****
Setting it directly on Netlify …
`);
    expect(ended.stderr).not.toContain(dump);
    expect(Object.values(values())).toEqual(['true', 'true']);
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
      const ended = await world.run(entry, [verb, ...args]);
      expect(Object.values(values())).toEqual(verb === 'off' ? ['true', 'true'] : ['false', 'false']);
      expect(ended.code).toBe(0);
    },
    60_000,
  );

  it('changes nothing with --dry-run', async () => {
    const start = world.log.length;
    expect((await world.run(entry, ['off', ...args, '--dry-run'])).code).toBe(0);
    expect(world.writes(start)).toEqual([]);
    expect(readFileSync(file(), 'utf8')).toBe(committed);
  });

  it('leaves the rest of the declaration as it was: other contexts, scopes', () => {
    const declared = (head: string) => `config:
  allincompassing:values:
${head}
      production: op://Platform/Agents/disabled
      netlify: { scopes: [functions] }
`;
    writeFileSync(file(), declared('    AGENT_ACTIONS_DISABLED:\n      from: op://Platform/Agents/staging'));
    declareValue(file(), 'true', 'why');
    const lines = readFileSync(file(), 'utf8').split('\n');
    expect(lines.slice(2, 4)).toEqual(['    # why', '    AGENT_ACTIONS_DISABLED:']);
    const rest = lines.slice(4).map((line) => line.trim());
    expect(rest.filter(Boolean).sort()).toEqual([
      'netlify: {scopes: [functions]}',
      'production: op://Platform/Agents/disabled',
      'value: "true"',
    ]);
  });
});
