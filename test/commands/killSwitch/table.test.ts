import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { databaseUrl } from '../../../killSwitch/access.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { fixtureRoot } from '../../support/fixture.ts';
import { startWorld, type World } from '../every/world.ts';

const entry = 'commands/killSwitch/command.ts';
const ref = 'wnnjeqheqxxyrgsjmygy';
const reason = ['--reason', 'agents write nonsense'];
const consent = ['--yes', '--project', ref];
let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
  world.faults.set([]);
  await sql('update agent_runtime_config set actions_disabled = false, reason = null, updated_by = null');
  await sql('delete from agent_execution_traces');
});

async function sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await (await world.supabase.database()).superuser.query<Row>(text, values)).rows;
}
const row = async () =>
  (
    await sql<{ actions_disabled: boolean; reason: string | null; updated_by: string | null }>(
      'select actions_disabled, reason, updated_by from agent_runtime_config',
    )
  )[0];
const trace = (step: string, payload: object = {}) =>
  sql(
    'insert into agent_execution_traces (request_id, correlation_id, step_name, status, payload) values ($1, $1, $2, $3, $4)',
    ['request-1', step, 'ok', JSON.stringify(payload)],
  );
const denied = () => trace('execution.gate.denied', { killSwitchEnabled: true, killSwitchSource: 'db' });

describe('kill-switch off and restore (level 1)', () => {
  it('disables agents, records who and why, reads it back, and says that production is included', async () => {
    const ended = await world.run(entry, ['off', ...reason, '--by', 'Ada', ...consent]);
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain("PRODUCTION's agents are included");
    expect(ended.stdout).toMatch(
      /Done and read back: agents are DISABLED by the row since .*Z, by Ada: agents write nonsense/,
    );
    expect(await row()).toEqual({
      actions_disabled: true,
      reason: 'agents write nonsense (by Ada)',
      updated_by: null,
    });
    const again = await world.run(entry, ['off', ...reason, ...consent]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing to do: it is so since/) });
    expect((await world.run(entry, ['restore', '--reason', 'fixed', ...consent])).code).toBe(0);
    expect(await row()).toMatchObject({ actions_disabled: false, reason: 'fixed (by an engineer)', updated_by: null });
  }, 60_000);

  it.each([
    ['--yes without the reference', ['--yes'], 'its reference stands beside --yes'],
    ['a wrong reference', ['--yes', '--project', 'x'.repeat(20)], 'not the reference of the configured project'],
    ['no terminal to type it on', [], 'no terminal to confirm on'],
    ['no reason', consent, '  --reason TEXT'],
  ])('changes nothing with %s', async (_, args, message) => {
    const start = world.log.length;
    const ended = await world.run(entry, ['off', ...(message.includes('reason') ? [] : reason), ...args]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(message);
    expect(world.writes(start)).toEqual([]);
  });

  it('changes nothing with --dry-run, and says what it would do', async () => {
    const start = world.log.length;
    const ended = await world.run(entry, ['off', ...reason, '--dry-run']);
    expect(ended).toMatchObject({ code: 0, stdout: 'Nothing was done (--dry-run).\n' });
    expect(ended.stderr).toContain('actions_disabled = true');
    expect(world.writes(start)).toEqual([]);
  });

  it.each([
    { name: '429', fault: { status: 429, headers: { 'retry-after': '1' } } },
    { name: '503', fault: { status: 503 } },
    { name: 'reset', fault: { connection: 'reset' as const } },
    { name: 'half an answer', fault: { connection: 'half' as const } },
    { name: 'an answer lost after the write', fault: { connection: 'reset' as const, afterEffect: true } },
  ])(
    'gets through $name',
    async ({ fault }) => {
      world.faults.set([{ service: 'supabase', ...fault, times: 2 }]);
      expect((await world.run(entry, ['off', ...reason, ...consent])).code).toBe(0);
      expect((await row())?.actions_disabled).toBe(true);
    },
    30_000,
  );

  it.each([
    { status: 401, message: 'Set SUPABASE_SERVICE_ROLE_KEY' },
    { status: 403, message: 'Set SUPABASE_SERVICE_ROLE_KEY' },
    { status: 404, message: 'apply the application’s own migrations' },
    { status: 409, message: '409' },
    { status: 500, message: 'status 500' },
  ])(
    'fails on $status with the fix, and changes nothing',
    async ({ status, message }) => {
      world.faults.set([{ service: 'supabase', status, body: '{"message":"no"}' }]);
      const ended = await world.run(entry, ['off', ...reason, ...consent]);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).toMatch(/AGENTS STILL ACT[\s\S]*To stop them without it: .* off --emergency --reason TEXT/);
      expect((await row())?.actions_disabled).toBe(false);
    },
    30_000,
  );

  it('acts on the shared project alone, whatever SUPABASE_URL says, and prints the host', async () => {
    expect(databaseUrl(fileSettings(fixtureRoot), { SUPABASE_URL: 'https://branch.supabase.co' })).toBe(
      `https://${ref}.supabase.co`,
    );
    const { host } = new URL(world.urls.supabase ?? '');
    const elsewhere = { SUPABASE_URL: 'https://branch.supabase.co' };
    const ended = await world.run(entry, ['off', ...reason, ...consent], elsewhere);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining(`in ${ref} at ${host}.`) });
    expect((await row())?.actions_disabled).toBe(true);
    expect((await world.run(entry, ['status'], elsewhere)).stdout).toContain(`read at ${host})`);
  });

  it('sends the key nowhere in the clear, and says what to do without a key', async () => {
    const clear = await world.run(entry, ['off', ...reason, ...consent], {
      STAGING_SUPABASE_URL: 'http://supabase.example',
    });
    expect(clear).toMatchObject({ code: 1, stderr: expect.stringContaining('not sent in the clear') });
    const none = await world.run(entry, ['off', ...reason, ...consent], { SUPABASE_SERVICE_ROLE_KEY: '' });
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('Set SUPABASE_SERVICE_ROLE_KEY') });
  });
});

describe('kill-switch verify', () => {
  const off = () => world.run(entry, ['off', ...reason, ...consent]);

  it('proves a refusal', async () => {
    await off();
    await denied();
    const ended = await world.run(entry, ['verify', '--json', '--grace', '0']);
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ verdict: 'denied', denied: 1, ran: [] });
  });

  it('waits for a refusal that comes later', async () => {
    await off();
    const late = new Promise((resolve) => setTimeout(() => resolve(denied()), 4000));
    const ended = await world.run(entry, ['verify', '--timeout', '30', '--grace', '0']);
    await late;
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('no agent has tried anything');
  }, 60_000);

  it('fails when an agent was let through, and names what and the next step', async () => {
    await off();
    await denied();
    await trace('tool.execution.allowed');
    const ended = await world.run(entry, ['verify', '--grace', '0']);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toMatch(
      /AGENTS STILL ACT[\s\S]*tool\.execution\.allowed: a tool ran, request request-1[\s\S]*--emergency --reason/,
    );
  });

  it('does not take silence, a refusal within the grace, or an old one for a proof', async () => {
    await denied();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await off();
    await denied();
    const ended = await world.run(entry, ['verify', '--timeout', '0', '--grace', '60']);
    expect(ended).toMatchObject({ code: 2, stdout: expect.stringContaining('Not proved') });
  });

  it.each([
    [['--timeout', 'abc'], 'is a number of seconds, 0 at least and at most 86400.'],
    [['--grace=-1'], 'is a number of seconds, 0 at least and at most 86400.'],
    [['--since', 'yesterday'], '--since is a time with its zone'],
    [['--since', '2026-01-31T22:00:00'], '--since is a time with its zone'],
    [['--redeploy', 'somehow'], 'verify takes no --redeploy: that is an option of off or restore.'],
  ])('refuses %j before it asks anybody, though there is nothing to prove', async (args, message) => {
    const start = world.log.length;
    const ended = await world.run(entry, ['verify', ...args]);
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(ended.stderr).toContain('--help shows how it is called.');
    expect(world.log.slice(start)).toEqual([]);
  });

  it('says that nothing is on', async () => {
    expect(await world.run(entry, ['verify'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Neither level is on'),
    });
  });
});
