import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readTable, writeTable } from '../../killSwitch/table.ts';
import { readSecret } from '../../killSwitch/secret.ts';
import { conclusion, type KillSwitchStatus } from '../../killSwitch/status.ts';
import { statusText } from '../../commands/killSwitch/statusText.ts';
import { knownReaders } from '../../killSwitch/readers.ts';
import { applicationStates } from '../../sandbox/application/layApplication.ts';
import { supabaseDatabase, type SupabaseDatabase } from '../../services/supabase/supabase.ts';
import { managementProblems } from '../support/documents/supabaseDocument.ts';
import { startWorld, type World } from '../commands/every/world.ts';
import { sharedProject } from '../support/sharedProject.ts';

const entry = 'commands/killSwitch/command.ts';
const ref = 'wnnjeqheqxxyrgsjmygy';
const consent = ['--yes', '--project', ref, '--by', 'Ada'];

describe.each(applicationStates)('the kill switch on the application, %s', (application) => {
  let world: World;
  let database: SupabaseDatabase;
  beforeAll(async () => {
    world = await startWorld({ application });
    database = supabaseDatabase(world.urls.supabase ?? '', world.keys.serviceRoleKey);
  }, 60_000);
  afterAll(async () => {
    const asked = world.exchanges.filter(({ service }) => service === 'supabaseManagement');
    await world.close();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.flatMap(managementProblems)).toEqual([]);
  });
  const sql = async (text: string) => (await world.supabase.database()).superuser.query<Record<string, unknown>>(text);
  const row = async () => (await sql('select * from agent_runtime_config')).rows[0];
  beforeEach(() => world.faults.set([]));

  it('off, status and restore: both levels, read back', async () => {
    const status = async () => JSON.parse((await world.run(entry, ['status', '--json'])).stdout) as KillSwitchStatus;
    expect((await world.run(entry, ['off', '--reason', 'x', ...consent])).code).toBe(0);
    expect(await row()).toMatchObject({ actions_disabled: true, reason: 'x (by Ada)', updated_by: null });
    expect(await status()).toMatchObject({
      staging: 'disabled',
      production: 'disabled',
      decidedBy: 'table',
      table: { by: 'Ada', reason: 'x' },
    });
    const emergency = ['--emergency', '--reason', 'x', ...consent];
    expect((await world.run(entry, ['off', ...emergency])).code).toBe(0);
    expect(world.functionSecrets()).toEqual({ AGENT_ACTIONS_DISABLED: 'true' });
    expect(await status()).toMatchObject({ decidedBy: 'both', secret: { disabled: true } });
    expect((await world.run(entry, ['restore', '--reason', 'y', ...consent])).code).toBe(0);
    expect(await row()).toMatchObject({ actions_disabled: false, reason: 'y (by Ada)' });
    expect(await status()).toMatchObject({ staging: 'disabled', production: 'disabled', decidedBy: 'secret' });
    expect((await world.run(entry, ['restore', ...emergency])).code).toBe(0);
    expect(await status()).toMatchObject({ staging: 'enabled', production: 'enabled', decidedBy: 'neither' });
  }, 120_000);

  it('takes the time of the database, whoever wrote the row before', async () => {
    await sql(`update agent_runtime_config set updated_at = '2001-01-01', updated_by = gen_random_uuid()`);
    const written = await writeTable(database, { disabled: true, reason: 'why', by: 'Ada (on call)' });
    expect(written).toMatchObject({ disabled: true, reason: 'why', by: 'Ada on call' });
    expect(Math.abs(Date.parse(written.at) - Date.now())).toBeLessThan(60_000);
    expect(await row()).toMatchObject({ updated_by: null });
    await writeTable(database, { disabled: false, reason: 'over', by: 'Ada' });
  });

  it('writes a name where the column takes one: the columns of this product’s earlier migration', async () => {
    await sql('alter table agent_runtime_config alter updated_by drop default, alter updated_by type text');
    const written = await writeTable(database, { disabled: true, reason: 'why', by: 'Ada' });
    expect(written).toMatchObject({ reason: 'why', by: 'Ada' });
    expect(await row()).toMatchObject({ updated_by: 'Ada', reason: 'why' });
    await writeTable(database, { disabled: false, reason: 'over', by: 'Ada' });
    await sql('alter table agent_runtime_config alter updated_by type uuid using null');
  });

  it('makes the row where there is none', async () => {
    await sql('delete from agent_runtime_config');
    expect(await readTable(database)).toBeUndefined();
    expect(await writeTable(database, { disabled: true, reason: 'why', by: 'Ada' })).toMatchObject({ disabled: true });
    await writeTable(database, { disabled: false, reason: 'over', by: 'Ada' });
  });
});

describe('the Edge Function secret, by its digest', () => {
  const api = (value: string | undefined) => {
    const digest = createHash('sha256')
      .update(value ?? '')
      .digest('hex');
    const secrets = value === undefined ? [] : [{ name: 'AGENT_ACTIONS_DISABLED', value: digest, updated_at: 'then' }];
    globalThis.fetch = () => Promise.resolve(Response.json([{ name: 'OTHER', value: digest }, ...secrets]));
    return { vendor: 'Supabase', baseUrl: 'https://api.example', headers: {}, accessFix: '' };
  };
  const { fetch } = globalThis;
  afterAll(() => void (globalThis.fetch = fetch));

  it.each(['true', 'TRUE', 'True', 'tRuE', '1', 'yes', 'YES', 'Yes', 'true\n', ' yes'])(
    '%j stops agents',
    async (value) => {
      expect(await readSecret(api(value), ref)).toMatchObject({ set: true, disabled: true, at: 'then' });
    },
  );

  it.each(['false', 'FALSE', '0', 'no', '', 'on', 'disabled', 'truee', '11'])('%j does not', async (value) => {
    expect(await readSecret(api(value), ref)).toMatchObject({ set: true, disabled: false });
  });

  it('is not set', async () => {
    expect(await readSecret(api(undefined), ref)).toMatchObject({ set: false, disabled: false });
  });
});

describe('what follows for the agents', () => {
  const named = { project: sharedProject, stack: 'staging' };
  const at = '2026-01-31T22:00:00Z';
  const table = (disabled: boolean) => ({ disabled, reason: 'why', by: 'Ada', at });
  const secret = (disabled: boolean) => ({ set: true, disabled, value: String(disabled), at });
  const unread = { error: 'connection failed' };
  const on = {
    values: { 'branch:staging': 'true' },
    unreadable: [],
    inherited: undefined,
    changedAt: at,
    changedBy: 'Ada',
  } as const;
  const disabledBy = (level: { disabled: boolean } | { error: string }) =>
    'error' in level ? undefined : level.disabled;
  const text = (row: ReturnType<typeof table> | typeof unread, level2: ReturnType<typeof secret> | typeof unread) =>
    statusText(
      {
        ...{
          project: ref,
          host: 'host',
          table: row,
          secret: level2,
          netlify: on,
          readers: knownReaders,
          declared: null,
        },
        ...conclusion(disabledBy(row), disabledBy(level2)),
      },
      named,
    );

  it('shows a value on Netlify that nobody can read as set, and says what an update makes of it', () => {
    const netlify = { ...on, values: {}, unreadable: ['branch:staging'] } as const;
    const of = (declared: string | null) =>
      statusText(
        {
          ...{ project: ref, host: 'host', table: table(true), secret: secret(false), readers: knownReaders },
          ...{ ...conclusion(true, false), netlify, declared },
        },
        named,
      );
    expect(of('true')).toContain('branch:staging=(secret: it cannot be read)');
    expect(of('true')).toContain(
      'Netlify has a secret that cannot be read: the next `pulumi up` would write true there',
    );
    expect(of('false')).toContain('the next `pulumi up` refuses to write false there while that may stop agents');
    expect(of(null)).toContain('npm run kill-switch -- off --emergency --reason TEXT');
  });

  it.each([
    [true, true, 'disabled', 'both'],
    [true, false, 'disabled', 'table'],
    [true, undefined, 'disabled', 'table'],
    [false, true, 'disabled', 'secret'],
    [undefined, true, 'disabled', 'secret'],
    [false, false, 'enabled', 'neither'],
    [false, undefined, 'unknown', 'unknown'],
    [undefined, false, 'unknown', 'unknown'],
    [undefined, undefined, 'unknown', 'unknown'],
  ])('row %s and secret %s: %s, by %s; production as staging', (row, level2, effect, decidedBy) => {
    expect(conclusion(row, level2)).toEqual({ staging: effect, production: effect, decidedBy });
  });

  it('says of each place who reads it, since when and by whom; Netlify’s variable alone stops nobody', () => {
    const shown = text(table(false), secret(false));
    expect(shown).toMatch(
      /Level 1, row +agents are enabled \(since 2026-.*, by Ada: why\)\n +read by the agents' Edge/,
    );
    expect(shown).toMatch(/Level 2, secret +"false".*since 2026-.*\n +read by the agents' Edge Functions, first/);
    expect(shown).toMatch(
      /Netlify variable +branch:staging=true.*by Ada\), NOT in effect.*\n +read by nothing that is known/,
    );
    expect(shown).toContain("Staging's agents are enabled.\nProduction's agents are enabled");
  });

  it('says what agents do where a place cannot be read, and which command works without it', () => {
    const row = text(unread, secret(false));
    expect(row).toMatch(/Level 1, row +UNKNOWN\. Where agents cannot .*lets agents ACT, its newest state denies/);
    expect(row).toMatch(
      /AGENTS STILL ACT, unless the row.*:\n +npm run kill-switch -- off --emergency --reason TEXT --yes --project/,
    );
    const level2 = text(table(false), unread);
    expect(level2).toMatch(/Level 2, secret +UNKNOWN\. Agents read it all the same/);
    expect(level2).toMatch(
      /AGENTS STILL ACT, unless the secret.*:\n +npm run kill-switch -- off --reason TEXT --yes --project/,
    );
    expect(text(unread, secret(true))).not.toContain('AGENTS STILL ACT');
    expect(text(table(true), unread)).not.toContain('AGENTS STILL ACT');
  });
});
