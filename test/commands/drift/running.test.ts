import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killSwitch } from '../../../commands/drift/checks/killSwitch.ts';
import { runningSite } from '../../../commands/drift/checks/runningSite.ts';
import { organization, recorded, settings } from './lookFixture.ts';

let answer: { status: number; body: unknown };
let server: Server;
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const right = {
  runtimeEnv: 'staging',
  supabaseUrl: 'https://project.example.com/',
  defaultOrganizationId: organization,
};

describe('the deployed site', () => {
  const look = async (status: number, body: unknown) => {
    answer = { status, body };
    return (await runningSite(url(), recorded, settings)).findings.map(({ kind, severity }) => [kind, severity]);
  };

  it('is fine when it serves what was declared', async () => {
    expect(await look(200, right)).toEqual([]);
  });

  it.each([
    ['site-wrong-context', 'critical', { runtimeEnv: 'production' }],
    ['site-wrong-project', 'critical', { supabaseUrl: 'https://another.example.com' }],
    ['organization-running-differs', 'critical', { defaultOrganizationId: 'another' }],
  ])('shows %s', async (kind, severity, difference) => {
    expect(await look(200, { ...right, ...difference })).toEqual([[kind, severity]]);
  });

  it.each([undefined, '', null])(
    'does not check a context that it does not say (%j), and says so',
    async (runtimeEnv) => {
      answer = { status: 200, body: { ...right, runtimeEnv } };
      const { findings, notChecked } = await runningSite(url(), recorded, settings);
      expect([findings, notChecked]).toEqual([[], [expect.stringContaining('does not say it')]]);
    },
  );

  it('shows site-unreachable when it does not answer as it should', async () => {
    expect(await look(404, {})).toEqual([['site-unreachable', 'high']]);
  });

  it('is not looked at without its address, and says so', async () => {
    const part = await runningSite(undefined, recorded, settings);
    expect([part.findings, part.unseen]).toEqual([[], 'site']);
  });
});

describe('the kill switch in the database', () => {
  const env = () => ({ STAGING_SUPABASE_URL: url(), SUPABASE_SERVICE_ROLE_KEY: 'a key', STAGING_VAULT: 'off' });
  const at = { updated_at: '2026-01-31T22:00:00Z' };
  const look = async (rows: unknown) => {
    answer = { status: 200, body: rows };
    return (await killSwitch(settings, env())).findings.map(({ kind, severity, by }) => [kind, severity, by]);
  };

  it.each([
    ['off', [{ actions_disabled: false, reason: null, updated_by: null, ...at }], []],
    [
      'on, by a name in the reason',
      [{ actions_disabled: true, reason: 'wild (by Ada)', updated_by: null, ...at }],
      [['kill-switch-on', 'medium', 'Ada']],
    ],
    [
      'on, by a user of the application',
      [{ actions_disabled: true, reason: 'wild (by Ada)', updated_by: 'an id', ...at }],
      [['kill-switch-on', 'medium', 'an id']],
    ],
    ['without a row', [], [['kill-switch-missing', 'high', undefined]]],
  ])('is read when it is %s', async (_, rows, expected) => {
    expect(await look(rows)).toEqual(expected);
  });

  it.each([
    ['its address', {}, 'give its address (SUPABASE_URL).', 'give its address (SUPABASE_URL).'],
    [
      'a key',
      { SUPABASE_URL: 'https://project.example.com' },
      'set SUPABASE_SERVICE_ROLE_KEY, or give access to 1Password.',
      'set SUPABASE_ACCESS_TOKEN, or give access to 1Password.',
    ],
  ])('is not looked at without %s, and says that', async (_, environment, row, secret) => {
    expect(await killSwitch(settings, environment)).toEqual({
      findings: [],
      notChecked: [
        `The kill switch in the database: ${row}`,
        `The kill switch among the Edge Function secrets: ${secret}`,
      ],
      unseen: 'Supabase',
    });
  });

  it.each([
    ['yes', 1],
    ['false', 0],
  ])('is read among the Edge Function secrets: %s', async (value, count) => {
    const digest = createHash('sha256').update(value).digest('hex');
    answer = { status: 200, body: [{ name: 'AGENT_ACTIONS_DISABLED', value: digest, updated_at: 'then' }] };
    const found = await killSwitch(settings, {
      SUPABASE_API_ENDPOINT: url(),
      SUPABASE_ACCESS_TOKEN: 'a token',
      STAGING_VAULT: 'off',
    });
    expect(found.findings.map(({ kind, where, since }) => [kind, where.subject, since])).toEqual(
      count === 0 ? [] : [['kill-switch-on', 'AGENT_ACTIONS_DISABLED', 'then']],
    );
  });

  it('is an error when Supabase refuses the key', async () => {
    answer = { status: 401, body: {} };
    await expect(killSwitch(settings, env())).rejects.toThrow('Set SUPABASE_SERVICE_ROLE_KEY');
  });
});
