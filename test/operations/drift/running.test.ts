import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { killSwitch } from '../../../operations/drift/killSwitch.ts';
import { runningSite } from '../../../operations/drift/runningSite.ts';
import type { LiveVariable } from '../../../services/netlify.ts';
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

  it('shows site-unreachable when it does not answer as it should', async () => {
    expect(await look(404, {})).toEqual([['site-unreachable', 'high']]);
  });

  it('is not looked at without its address, and says so', async () => {
    const part = await runningSite(undefined, recorded, settings);
    expect([part.findings, part.unseen]).toEqual([[], 'site']);
  });
});

describe('the kill switch in the database', () => {
  const anonKey: LiveVariable = {
    key: 'SUPABASE_ANON_KEY',
    secret: false,
    scopes: [],
    values: [{ id: '1', context: 'branch:staging', value: 'published key' }],
    updatedAt: undefined,
    updatedBy: undefined,
  };
  const look = async (rows: unknown) => {
    answer = { status: 200, body: rows };
    return (await killSwitch(url(), [anonKey], settings)).findings.map(({ kind, severity, by }) => [
      kind,
      severity,
      by,
    ]);
  };

  it.each([
    ['off', [{ actions_disabled: false }], []],
    ['on', [{ actions_disabled: true, updated_by: 'someone' }], [['kill-switch-on', 'medium', 'someone']]],
    ['without a row', [], [['kill-switch-missing', 'high', undefined]]],
  ])('is read when it is %s', async (_, rows, expected) => {
    expect(await look(rows)).toEqual(expected);
  });

  it.each([
    ['its address', undefined, [anonKey], 'give its address (SUPABASE_URL).'],
    [
      'its published key',
      'https://project.example.com',
      [],
      'its published key could not be read from Netlify (SUPABASE_ANON_KEY).',
    ],
  ])('is not looked at without %s, and says that', async (_, address, variables, why) => {
    expect(await killSwitch(address, variables, settings)).toEqual({
      findings: [],
      notChecked: [`The kill switch in the database: ${why}`],
      unseen: 'Supabase',
    });
  });

  it('is an error when Supabase refuses the published key', async () => {
    answer = { status: 401, body: {} };
    await expect(killSwitch(url(), [anonKey], settings)).rejects.toThrow('SUPABASE_ANON_KEY on Netlify');
  });
});
