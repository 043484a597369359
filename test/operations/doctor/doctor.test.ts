import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Diagnosis } from '../../../operations/doctor/checks.ts';
import { tokens } from '../../../operations/doctor/tokens.ts';
import { createOnePassword, serviceAccountToken } from '../../../sandbox/onepassword/index.ts';
import { createSupabaseManagement, type SupabaseManagement } from '../../../sandbox/supabaseManagement/service.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let management: SupabaseManagement;
let webhook: string;
beforeAll(async () => {
  world = await startWorld({
    services: (stateDir) => [(management = createSupabaseManagement({ stateDir })), createOnePassword({ stateDir })],
  });
  webhook = `https://hooks.example/services/T1/B1/${'x'.repeat(24)}`;
  world.secrets.push(management.store.state.token, webhook);
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.faults.set([]));

async function doctor(env: Record<string, string> = {}) {
  const ended = await world.run('operations/doctor.ts', ['--json'], {
    STAGING_VAULT: 'on',
    OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(world.stateDir, Number(new URL(world.urls.onepassword ?? '').port)),
    SUPABASE_ACCESS_TOKEN: management.store.state.token,
    SUPABASE_API_URL: world.urls.supabaseManagement ?? '',
    SLACK_WEBHOOK_URL: webhook,
    ...env,
  });
  const found = JSON.parse(ended.stdout || '[]') as Diagnosis[];
  return { ...ended, found: Object.fromEntries(found.map((one) => [one.name, one])) };
}

describe('doctor', () => {
  it('finds every token working, and two paths that deploy develop', async () => {
    const { code, found, stderr } = await doctor();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(Object.values(found).map(({ name, state }) => `${name} ${state}`)).toEqual([
      'OP_SERVICE_ACCOUNT_TOKEN fine',
      'NETLIFY_API_TOKEN fine',
      'GITHUB_TOKEN fine',
      'SUPABASE_SERVICE_ROLE_KEY fine',
      'SUPABASE_ACCESS_TOKEN fine',
      'SLACK_WEBHOOK_URL fine',
      'one path deploys staging warning',
    ]);
    expect(found['one path deploys staging']?.detail).toContain('Netlify builds develop and staging from Git as well');
    expect(found['one path deploys staging']?.detail).toContain('https://develop--allincompassing.netlify.app');
  }, 60_000);

  it.each([
    ['NETLIFY_API_TOKEN', { NETLIFY_API_TOKEN: '' }, 'missing', 'Create a token in Netlify'],
    ['GITHUB_TOKEN', { GITHUB_TOKEN: '' }, 'missing', 'Create a fine-grained token'],
    ['SUPABASE_ACCESS_TOKEN', { SUPABASE_ACCESS_TOKEN: '' }, 'missing', 'account/tokens'],
    ['SLACK_WEBHOOK_URL', { SLACK_WEBHOOK_URL: '' }, 'missing', 'copy it from 1Password'],
    ['OP_SERVICE_ACCOUNT_TOKEN', { STAGING_VAULT: 'off' }, 'missing', 'OP_ACCOUNT'],
  ])(
    'names the fix of a missing %s',
    async (name, env, state, fix) => {
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
    const { found } = await doctor();
    expect(found.NETLIFY_API_TOKEN).toMatchObject({ state: 'warning', detail: expect.stringContaining('other team') });
    expect(found.GITHUB_TOKEN).toMatchObject({ state: 'warning', detail: expect.stringContaining('classic token') });
  }, 60_000);
});

it('shows the table of tokens as the runbook has it', () => {
  const rows = readFileSync('docs/STAGING_OPERATIONS.md', 'utf8').split('\n');
  for (const { name, can, holder, rotate } of tokens) {
    const row = rows.find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    expect(row.split('|').map((cell) => cell.trim())).toEqual(['', `\`${name}\``, can, holder, rotate, '']);
  }
});
