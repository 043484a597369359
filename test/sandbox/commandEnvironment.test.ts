import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@1password/sdk';
import { callerEnvironment } from '../../sandbox/process/callerEnvironment.ts';
import { operationsEnvironment, sandboxEnvironment } from '../../sandbox/process/environment.ts';
import { type RunningSandbox, startSandbox } from '../../sandbox/sandbox.ts';
import type { Toolchain } from '../../toolchain/toolchain.ts';

let sandbox: RunningSandbox;
let environment: Record<string, string>;
const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));

beforeAll(async () => {
  sandbox = await startSandbox({ dir });
  environment = sandbox.environment();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

describe("the sandbox's environment", () => {
  it('leads to the services with tokens that they accept', async () => {
    const netlify = await fetch(`${environment.NETLIFY_API_ENDPOINT ?? ''}/api/v1/sites`, {
      headers: { authorization: `Bearer ${environment.NETLIFY_API_TOKEN ?? ''}` },
    });
    const github = await fetch(`${environment.GITHUB_BASE_URL ?? ''}api/v3/users/${environment.GITHUB_OWNER ?? ''}`, {
      headers: { authorization: `Bearer ${environment.GITHUB_TOKEN ?? ''}` },
    });
    expect([netlify.status, github.status]).toEqual([200, 200]);
    const client = await createClient({
      auth: environment.OP_SERVICE_ACCOUNT_TOKEN ?? '',
      integrationName: 'tests',
      integrationVersion: 'v1',
    });
    const url = await client.secrets.resolve('op://Platform/Supabase/url');
    expect(url).toBe(sandbox.standIns().onepassword.vault.read('url'));
  });

  it('leads operations to Supabase and Slack, which accept what the vault holds now', async () => {
    const ask = async () => {
      const { SUPABASE_API_ENDPOINT: api = '', SUPABASE_ACCESS_TOKEN: token = '' } = operationsEnvironment(
        dir,
        sandbox.endpoints,
      );
      const project = `${api}/v1/projects/wnnjeqheqxxyrgsjmygy`;
      return (await fetch(project, { headers: { authorization: `Bearer ${token}` } })).status;
    };
    const { SLACK_WEBHOOK_URL: webhook = '' } = operationsEnvironment(dir, sandbox.endpoints);
    const say = () => fetch(webhook, { method: 'POST', body: '{"text":"x"}' });
    expect([await ask(), (await say()).status]).toEqual([200, 200]);
    for (const label of ['access_token', 'slack_webhook_url']) sandbox.standIns().onepassword.vault.rotate(label);
    expect([await ask(), (await say()).status]).toEqual([200, 403]);
    sandbox.standIns().onepassword.vault.remove('access_token');
    expect(await ask()).toBe(401);
  });

  it("has Netlify accept the token that the vault holds, as a team's account would", () => {
    const inVault = sandbox.standIns().onepassword.vault.read('netlify_auth_token');
    expect(inVault === environment.NETLIFY_AUTH_TOKEN).toBe(true);
  });

  it("keeps Pulumi's backend, passphrase and configuration in the sandbox's folder", () => {
    expect(environment).toMatchObject({
      PULUMI_BACKEND_URL: `file://${join(dir, 'state')}`,
      PULUMI_OPTION_CONFIG_FILE: join(dir, 'Pulumi.staging.yaml'),
      PULUMI_STACK: 'staging',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    });
    expect(statSync(join(dir, 'state')).isDirectory()).toBe(true);
    expect(statSync(join(dir, 'passphrase')).mode & 0o777).toBe(0o600);
    expect(sandbox.environment().PULUMI_CONFIG_PASSPHRASE === environment.PULUMI_CONFIG_PASSPHRASE).toBe(true);
  });

  it("merges a toolchain's settings and puts its folders first on PATH", () => {
    const toolchain: Toolchain = {
      pulumi: '/tools/bin/pulumi',
      environment: { PULUMI_HOME: '/tools/home' },
      pathEntries: ['/tools/bin'],
      parts: [],
    };
    const given = sandboxEnvironment(dir, sandbox.endpoints, toolchain, { PATH: '/usr/bin' });
    expect(given.PULUMI_HOME).toBe(join(dir, 'pulumi'));
    expect(readlinkSync(join(dir, 'pulumi', 'plugins'))).toBe('/tools/home/plugins');
    expect(given.PATH).toBe(`/tools/bin:${join(process.cwd(), 'node_modules', '.bin')}:/usr/bin`);
  });

  it("takes the plugins of the caller's own PULUMI_HOME when the toolchain brings none", () => {
    const toolchain: Toolchain = { pulumi: '/tools/bin/pulumi', environment: {}, pathEntries: [], parts: [] };
    sandboxEnvironment(dir, sandbox.endpoints, toolchain, { PATH: '/usr/bin', PULUMI_HOME: '/my/pulumi' });
    expect(readlinkSync(join(dir, 'pulumi', 'plugins'))).toBe('/my/pulumi/plugins');
  });

  it('lets no credential of the caller in', () => {
    const names = [
      ...['GH_TOKEN', 'GITHUB_TOKEN', 'GITHUB_ENTERPRISE_TOKEN', 'NETLIFY_AUTH_TOKEN', 'NETLIFY_API_TOKEN'],
      ...['OP_SERVICE_ACCOUNT_TOKEN', 'OP_CONNECT_TOKEN', 'OP_SESSION_my', 'SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_URL'],
      ...['SUPABASE_ACCESS_TOKEN', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'SLACK_WEBHOOK_URL'],
      ...['PULUMI_ACCESS_TOKEN', 'PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE', 'PULUMI_BACKEND_URL'],
      ...['GOOGLE_APPLICATION_CREDENTIALS', 'AZURE_CLIENT_SECRET', 'OPENAI_API_KEY', 'NPM_TOKEN', 'ANY_NAME_AT_ALL'],
      ...['npm_config__auth', 'npm_config_//registry.npmjs.org/:_authToken', 'ACTIONS_RUNTIME_TOKEN'],
    ];
    const caller = Object.fromEntries(names.map((name) => [name, 'canary-of-the-caller']));
    const given = sandboxEnvironment(dir, sandbox.endpoints, undefined, { ...caller, PATH: '/bin' });
    const leaked = Object.keys(given).filter((name) => given[name]?.includes('canary'));
    expect(leaked).toEqual([]);
  });

  it('keeps what is harmless, and a proxy only when it carries no password', () => {
    const caller = {
      HOME: '/home/me',
      LC_ALL: 'C',
      TERM: 'xterm',
      HTTP_PROXY: 'http://proxy:1',
      HTTPS_PROXY: 'http://me:word@proxy:1',
      NO_PROXY: 'internal',
    };
    expect(callerEnvironment(caller)).toEqual({
      HOME: '/home/me',
      LC_ALL: 'C',
      TERM: 'xterm',
      HTTP_PROXY: 'http://proxy:1',
      NO_PROXY: 'internal,127.0.0.1,localhost',
      no_proxy: 'internal,127.0.0.1,localhost',
    });
  });
});

describe('a sandbox in this process', () => {
  it('logs every request, and makes those fail that a rule names', async () => {
    sandbox.faults.set([{ service: 'netlify', status: 503, times: 1 }]);
    const url = `${sandbox.endpoints.netlify}/api/v1/sites?page=1`;
    const statuses = [(await fetch(url)).status, (await fetch(url)).status];
    expect(statuses).toEqual([503, 401]);
    expect(sandbox.faults.list()).toMatchObject([{ seen: 2, done: 1 }]);
    expect(sandbox.log().slice(-2)).toMatchObject([
      { service: 'netlify', method: 'GET', path: '/api/v1/sites', query: 'page=1', status: 503, fault: 'status 503' },
      { service: 'netlify', status: 401, effects: [] },
    ]);
    expect(statSync(join(dir, 'requests.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('shows whole exchanges to an observer, and takes the ports of before again', async () => {
    await sandbox.close();
    const seen: string[] = [];
    const { endpoints } = sandbox;
    sandbox = await startSandbox({
      dir,
      endpoints,
      observe: ({ service, reply }) => seen.push(`${service} ${reply.status}`),
    });
    expect(sandbox.endpoints).toEqual(endpoints);
    await fetch(`${sandbox.endpoints.onepassword}/`);
    expect(seen).toEqual(['onepassword 401']);
  });

  it('takes another port when somebody has taken the one of before', async () => {
    const other = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const second = await startSandbox({ dir: other, endpoints: sandbox.endpoints });
    try {
      for (const [name, address] of Object.entries(second.endpoints)) {
        expect([name, address]).not.toEqual([name, sandbox.endpoints[name as 'netlify']]);
      }
    } finally {
      await second.close();
      rmSync(other, { recursive: true });
    }
  });

  it('forgets state, log and faults on reset and stays where it is', async () => {
    const before = sandbox.standIns().onepassword.vault.read('anon_key');
    sandbox.faults.set([{ status: 500 }]);
    await sandbox.reset();
    expect(sandbox.log()).toEqual([]);
    expect(sandbox.faults.list()).toEqual([]);
    expect(sandbox.standIns().onepassword.vault.read('anon_key') === before).toBe(false);
    const { NETLIFY_API_TOKEN: token = '', NETLIFY_API_ENDPOINT: address = '' } = sandbox.environment();
    expect((await fetch(`${address}/api/v1/sites`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
  });
});
