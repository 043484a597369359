import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../../commands/doctor/checks.ts';
import { tokens } from '../../../commands/doctor/tokens.ts';
import {
  createOnePassword,
  serviceAccountToken,
  type OnePassword,
} from '../../../sandbox/standIns/onepassword/index.ts';
import { newUuid } from '../../../sandbox/standIns/onepassword/encoding.ts';
import { openState } from '../../../sandbox/standIns/onepassword/state.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import {
  createSupabaseManagement,
  type SupabaseManagement,
} from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { githubAppToken, updateGitHub } from '../../../sandbox/standIns/github/index.ts';
import type { Repository } from '../../../sandbox/standIns/github/records.ts';
import { startWorld, type World } from '../every/world.ts';

let world: World;
let management: SupabaseManagement;
let webhook: string;
let vault: OnePassword;
beforeAll(async () => {
  world = await startWorld({
    github: { workflows: { '.github/workflows/ci.yml': 'CI' }, checks: { develop: { 'deploy-staging': 'success' } } },
    services: (stateDir) => [
      (management = createSupabaseManagement({ stateDir })),
      (vault = createOnePassword({ stateDir })),
    ],
  });
  webhook = `https://hooks.example/services/T1/B1/${'x'.repeat(24)}`;
  // Netlify knows the deploy job's token, as it does when a person has made it there.
  world.netlify(({ tokens: known }) => Object.assign(known, { readOnly: vault.vault.read('netlify_auth_token') }));
  world.secrets.push(management.store.state.token, webhook, vault.vault.read('netlify_auth_token'));
}, 60_000);
const others: Listening[] = [];
afterAll(async () => {
  await Promise.all(others.map((server) => server.close()));
  await world.close();
});
beforeEach(() => {
  world.faults.set([]);
  builds({ allowed_branches: ['main', 'develop', 'staging'] });
});

/** The token of a service account that reaches another vault as well. */
async function accountOfTwoVaults(): Promise<string> {
  const stateDir = join(world.stateDir, 'two-vaults');
  openState(stateDir).update(({ vaults }) => {
    const [platform] = vaults;
    if (platform) vaults.push({ ...structuredClone(platform), id: newUuid(), name: 'Private' });
  });
  const log = () => undefined;
  const server = await serve(createOnePassword({ stateDir }), { log });
  others.push(server);
  return serviceAccountToken(stateDir, server.port);
}

function builds(settings: { readonly allowed_branches: string[] }): void {
  world.netlify(({ sites }) => Object.assign(sites[0]?.build_settings ?? {}, settings));
}

async function doctor(env: Record<string, string> = {}, args = ['--json']) {
  const ended = await world.run('commands/doctor/command.ts', args, {
    STAGING_VAULT: 'on',
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, Number(new URL(world.urls.onepassword ?? '').port)),
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_ENDPOINT: world.urls.supabaseManagement ?? '',
    SLACK_WEBHOOK_URL: webhook,
    ...env,
  });
  const found = (args.includes('--json') ? JSON.parse(ended.stdout || '[]') : []) as Diagnosis[];
  return { ...ended, found: Object.fromEntries(found.map((one) => [one.name, one])) };
}

describe('doctor', () => {
  it('finds every token working, and two paths that race for develop, until one is taken away', async () => {
    const { code, found, stderr } = await doctor();
    expect(stderr).toBe('');
    expect(code).toBe(2);
    expect(Object.values(found).map(({ name, state }) => `${name} ${state}`)).toEqual([
      ...tokens().map(({ name }) => `${name} fine`),
      'one path deploys staging broken',
    ]);
    const detail = 'Netlify builds develop and staging from Git as well';
    expect(found['one path deploys staging']?.detail).toContain(detail);
    builds({ allowed_branches: ['main'] });
    const one = await doctor();
    expect(one.code).toBe(0);
    expect(one.found['one path deploys staging']).toEqual({
      name: 'one path deploys staging',
      state: 'fine',
      detail: "only the deploy job; staging's address is https://staging--allincompassing.netlify.app",
    });
  }, 60_000);

  it('accepts a team whose workflow has no deploy job, and whose staging Netlify builds from Git', async () => {
    builds({ allowed_branches: ['main', 'develop'] });
    const runs: Repository['checkRuns'] = [];
    world.repository((repository) => runs.push(...repository.checkRuns.splice(0)));
    const { code, found } = await doctor();
    world.repository((repository) => repository.checkRuns.push(...runs));
    expect(found['one path deploys staging']).toMatchObject({ state: 'warning' });
    expect(code).toBe(0);
  }, 60_000);

  it.each([
    [
      'nothing deploys develop',
      ['main'],
      'broken',
      'nothing deploys develop: none of deploy-staging.yaml, ci.yml, ci.yaml is in allincompassing/allincompassing',
    ],
    ['only Netlify does', ['main', 'develop'], 'warning', 'which no smoke test follows'],
  ])(
    'says when %s',
    async (_, branches, state, words) => {
      builds({ allowed_branches: branches });
      world.faults.set([{ service: 'github', path: '/workflows/', status: 404 }]);
      const { code, found } = await doctor();
      expect(found['one path deploys staging']).toMatchObject({ state, detail: expect.stringContaining(words) });
      expect(code).toBe(state === 'broken' ? 2 : 0);
    },
    60_000,
  );

  it.each([
    ['NETLIFY_API_TOKEN', { NETLIFY_API_TOKEN: '' }, 'missing', 'Create a token in Netlify'],
    ['GITHUB_TOKEN', { GITHUB_TOKEN: '' }, 'missing', 'Create a fine-grained token'],
    ['SUPABASE_ACCESS_TOKEN', { SUPABASE_ACCESS_TOKEN: '' }, 'missing', 'account/tokens'],
    ['SLACK_WEBHOOK_URL', { SLACK_WEBHOOK_URL: '', STAGING_VAULT: 'off' }, 'missing', 'copy it from there'],
    ['OP_SERVICE_ACCOUNT_TOKEN', { STAGING_VAULT: 'off' }, 'missing', 'OP_ACCOUNT'],
    ['NETLIFY_AUTH_TOKEN', { STAGING_VAULT: 'off' }, 'missing', '1Password is not at hand'],
    ['NETLIFY_AUTH_TOKEN', { NETLIFY_AUTH_TOKEN: 'revoked' }, 'broken', '1Password field netlify_auth_token'],
    ['SUPABASE_SERVICE_ROLE_KEY', { SUPABASE_SERVICE_ROLE_KEY: 'ANON' }, 'broken', 'secret (service-role) key'],
  ])(
    'names the fix of a %s that is not there or does not do: %j',
    async (name, env: Record<string, string>, state, fix) => {
      if (env.SUPABASE_SERVICE_ROLE_KEY === 'ANON') env.SUPABASE_SERVICE_ROLE_KEY = world.anonKey;
      const { code, found } = await doctor(env);
      expect(code).toBe(2);
      expect(found[name]).toMatchObject({ state, detail: expect.stringContaining(fix) });
    },
    60_000,
  );

  it('names the fix of tokens that are refused, and does not hide the rest', async () => {
    world.faults.set([
      { service: 'github', status: 401 },
      { service: 'supabaseManagement', status: 403 },
    ]);
    const { code, found } = await doctor();
    expect(code).toBe(2);
    expect(found.GITHUB_TOKEN).toMatchObject({ state: 'broken', detail: expect.stringContaining('Set GITHUB_TOKEN') });
    expect(found.SUPABASE_ACCESS_TOKEN).toMatchObject({ state: 'broken' });
    expect(found.NETLIFY_API_TOKEN?.state).toBe('fine');
  }, 60_000);

  it.each([
    ['is down', { status: 503, headers: { 'retry-after': '0.01' } }, {}],
    ['is asked too often', { status: 429, headers: { 'retry-after': '0.01' } }, {}],
    ['resets', { connection: 'reset' as const }, {}],
    ['hangs', { connection: 'hang' as const }, { STAGING_REQUEST_TIMEOUT: '1', STAGING_VAULT_TIMEOUT: '3' }],
  ])(
    'leaves the tokens of a service that %s unknown, and blames none',
    async (_, fault, env) => {
      builds({ allowed_branches: ['main'] });
      world.faults.set(
        ['netlify', 'supabase', 'supabaseManagement', 'onepassword'].map((service) => ({ service, ...fault })),
      );
      const { code, found } = await doctor(env);
      const states = Object.values(found).map(({ name, state }) => `${name} ${state}`);
      expect(states).toEqual([
        'OP_SERVICE_ACCOUNT_TOKEN unknown',
        'NETLIFY_API_TOKEN unknown',
        'NETLIFY_AUTH_TOKEN unknown',
        'GITHUB_TOKEN fine',
        'SUPABASE_SERVICE_ROLE_KEY unknown',
        'SUPABASE_ACCESS_TOKEN unknown',
        'SLACK_WEBHOOK_URL fine',
        'one path deploys staging unknown',
      ]);
      expect(found.NETLIFY_API_TOKEN?.detail).toMatch(/^nothing is known to be wrong with it: Netlify GET /);
      expect(code).toBe(1);
    },
    60_000,
  );

  it('warns of a GitHub token that ends within 30 days, with the page for its successor', async () => {
    const set = (endsAt: string | undefined) =>
      updateGitHub(world.stateDir, ({ tokens: known }) => {
        for (const token of known) {
          if (endsAt === undefined) delete token.endsAt;
          else token.endsAt = endsAt;
        }
      });
    const end = new Date(Date.now() + 20.5 * 86_400_000).toISOString().slice(0, 10);
    set(`${end} 12:00:00 UTC`);
    const { found } = await doctor();
    set(undefined);
    expect(found.GITHUB_TOKEN?.state).toBe('warning');
    expect(found.GITHUB_TOKEN?.detail).toContain(`ends on ${end}, in `);
    expect(found.GITHUB_TOKEN?.detail).toContain('https://github.com/settings/personal-access-tokens');
  });

  it('says all that is to be warned of in a GitHub token, not the first alone', async () => {
    const end = new Date(Date.now() + 20.5 * 86_400_000).toISOString().slice(0, 10);
    const headers = { 'x-oauth-scopes': 'repo', 'github-authentication-token-expiration': `${end} 12:00:00 UTC` };
    const body = JSON.stringify({ permissions: { admin: false } });
    world.faults.set([{ service: 'github', path: '/repos/', body, headers }]);
    const { found } = await doctor();
    expect(found.GITHUB_TOKEN?.state).toBe('warning');
    for (const part of [`ends on ${end}`, 'is a classic token (repo)', 'does not administer']) {
      expect(found.GITHUB_TOKEN?.detail).toContain(part);
    }
  });

  it('is 2 when one is broken beside one that is unknown, and prints both states', async () => {
    world.faults.set([
      { service: 'github', status: 401 },
      { service: 'supabaseManagement', status: 503, headers: { 'retry-after': '0.01' } },
    ]);
    const { code, stdout } = await doctor({}, []);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^broken +GITHUB_TOKEN /m);
    expect(stdout).toMatch(
      /^unknown +SUPABASE_ACCESS_TOKEN +nothing is known to be wrong with it: Supabase GET .*503/m,
    );
  }, 60_000);

  it('takes an address to which the key is not sent for broken, not for silence', async () => {
    const { found } = await doctor({ STAGING_SUPABASE_URL: 'http://supabase.example' });
    expect(found.SUPABASE_SERVICE_ROLE_KEY).toMatchObject({
      state: 'broken',
      detail: expect.stringContaining('not https'),
    });
  }, 60_000);

  it('takes the token of an App, which administers nothing, and prints nothing of it', async () => {
    const reading = ['actions', 'administration', 'checks', 'contents', 'secrets'].map((right) => [right, 'read']);
    const token = githubAppToken(world.stateDir, Object.fromEntries(reading) as Record<string, 'read'>);
    world.secrets.push(token);
    const { found } = await doctor({ GITHUB_TOKEN: token });
    expect(found.GITHUB_TOKEN).toMatchObject({ state: 'fine', detail: expect.stringContaining('is an App’s token') });
    expect(found['one path deploys staging']?.state).toBe('broken'); // it was asked with that token, too
  }, 60_000);

  it('warns of more rights than needed', async () => {
    const many = JSON.stringify([
      { id: 'a', slug: 'allincompassing' },
      { id: 'b', slug: 'somebody-else' },
    ]);
    const repository = JSON.stringify({ permissions: { admin: true } });
    world.faults.set([
      { service: 'netlify', path: '/accounts$', body: many },
      { service: 'github', path: '/repos/', body: repository, headers: { 'x-oauth-scopes': 'repo, admin:org' } },
    ]);
    management.store.update((state) => (state.projects = ['a'.repeat(20), ...state.projects]));
    const { found } = await doctor({ OP_SERVICE_ACCOUNT_TOKEN: await accountOfTwoVaults() });
    expect(found.OP_SERVICE_ACCOUNT_TOKEN).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('1 other vault too'),
    });
    expect(found.SUPABASE_ACCESS_TOKEN).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('1 other project too'),
    });
    expect(found.NETLIFY_API_TOKEN).toMatchObject({ state: 'warning', detail: expect.stringContaining('other team') });
    expect(found.GITHUB_TOKEN).toMatchObject({ state: 'warning', detail: expect.stringContaining('classic token') });
  }, 60_000);

  it('names the rights that a token lacks, and a deploy token that is no other one', async () => {
    world.faults.set([{ service: 'github', path: '/(deployments|secrets)$', status: 403 }]);
    const { code, found } = await doctor({ NETLIFY_AUTH_TOKEN: world.environment.NETLIFY_API_TOKEN ?? '' });
    expect(code).toBe(2);
    expect(found.GITHUB_TOKEN).toMatchObject({
      state: 'broken',
      detail: expect.stringContaining('lacks Secrets, Deployments: give it'),
    });
    expect(found.NETLIFY_AUTH_TOKEN).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('a token of its own'),
    });
  }, 60_000);
});

it('shows the table of tokens as the runbook has it', () => {
  const text = readFileSync('docs/STAGING_OPERATIONS.md', 'utf8');
  for (const { name, can, holder, ends, rotate } of tokens())
    expect(text).toContain(
      `- \`${name}\`\n  - can: ${can}\n  - held by: ${holder}\n  - ends: ${ends}\n  - rotate: ${rotate}\n`,
    );
});
