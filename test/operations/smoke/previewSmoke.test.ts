import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SmokeReport } from '../../../operations/smoke/report.ts';
import { siteService, type DeployedSite } from '../../../sandbox/hosting/site.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { applicationMigrations } from '../../../sandbox/supabase/application.ts';
import { createKeys } from '../../../sandbox/supabase/keys.ts';
import { createSupabase } from '../../../sandbox/supabase/service.ts';
import { runCommand, type Ended } from '../../support/command.ts';
import { makeSite } from './site.ts';

const keys = createKeys(randomBytes(32).toString('hex'), 'wnnjeqheqxxyrgsjmygy');
const user = { email: 'smoke@staging.example', password: `pass"word ${randomBytes(12).toString('hex')}` };
const organizationId = randomUUID();
const faults = new Faults();
const supabase = createSupabase({
  keys,
  migrations: [...applicationMigrations(), 'pipeline/supabase/migrations'],
  users: [user],
});
let healthy: DeployedSite;
let deployed: DeployedSite | undefined;
const servers: Listening[] = [];
let supabaseUrl = '';
let siteUrl = '';

jest.setTimeout(180_000);

beforeAll(async () => {
  const log = () => undefined;
  servers.push(await serve(supabase, { port: 0, faults, log }));
  servers.push(
    await serve(
      siteService(() => deployed),
      { port: 0, faults, log },
    ),
  );
  [supabaseUrl = '', siteUrl = ''] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  await supabase.database();
  healthy = await makeSite({
    RUNTIME_ENV: 'staging',
    SUPABASE_URL: supabaseUrl,
    SUPABASE_ANON_KEY: keys.anonKey,
    DEFAULT_ORGANIZATION_ID: organizationId,
  });
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await supabase.close();
});
beforeEach(() => {
  faults.set([]);
  deployed = healthy;
});

interface Smoked extends Ended {
  readonly folder: string;
  readonly report: SmokeReport | undefined;
}

/** Runs the test; nothing that it prints or writes, the trace's parts included, may hold what must not be seen. */
async function smoke(
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Smoked> {
  const folder = mkdtempSync(join(tmpdir(), 'smoke-'));
  const ended = await runCommand(
    'operations/previewSmoke.ts',
    ['--url', siteUrl, '--report-dir', folder, '--timeout', '5', '--attempts', '3', ...args],
    {
      SUPABASE_URL: supabaseUrl,
      SUPABASE_ANON_KEY: keys.anonKey,
      DEFAULT_ORGANIZATION_ID: organizationId,
      SMOKE_USER_EMAIL: user.email,
      SMOKE_USER_PASSWORD: user.password,
      ...environment,
    },
  );
  const texts = readdirSync(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    return name.endsWith('.zip') ? Object.values(unzipSync(bytes)).map((part) => strFromU8(part)) : [bytes.toString()];
  });
  for (const text of [ended.stdout, ended.stderr, ...texts]) {
    for (const secret of [user.password, JSON.stringify(user.password).slice(1, -1), organizationId]) {
      expect(text.includes(secret)).toBe(false);
    }
    expect(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/.test(text)).toBe(false);
    expect(/"refresh_token\\?":\s*\\?"(?!\*)/.test(text)).toBe(false);
  }
  const file = join(folder, 'report.json');
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SmokeReport) : undefined;
  return { ...ended, folder, report };
}

/** The healthy site with other variables in its function. */
function withEnvironment(change: Readonly<Record<string, string>>): DeployedSite {
  return { ...healthy, environment: { ...healthy.environment, ...change } };
}

function withScript(text: string): DeployedSite {
  const file = join(mkdtempSync(join(tmpdir(), 'script-')), 'app.js');
  writeFileSync(file, text);
  return { ...healthy, files: { ...healthy.files, '/app.js': file } };
}

describe('preview:smoke', () => {
  it('passes a healthy site in a real browser, leaves its evidence, and no row', async () => {
    const { code, stdout, report, folder } = await smoke();
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe('Smoke test passed: 6 checks.');
    expect(report?.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'runtime-config passed',
      'root-document passed',
      'authentication passed',
      'kill-switch passed',
      'database passed',
      'dashboard passed',
    ]);
    expect(readdirSync(folder).sort()).toEqual([
      'dashboard.png',
      'junit.xml',
      'report.html',
      'report.json',
      'trace.zip',
    ]);
    const left = await (await supabase.database()).superuser.query('select * from staging_smoke_checks');
    expect(left.rows).toEqual([]);
  });

  it.each([
    ['wrong-context', () => withEnvironment({ RUNTIME_ENV: 'production' })],
    ['wrong-supabase', () => withEnvironment({ SUPABASE_URL: 'https://other.supabase.co' })],
    ['wrong-organization', () => withEnvironment({ DEFAULT_ORGANIZATION_ID: randomUUID() })],
    ['bad-answer', () => ({ ...healthy, functions: [] })],
    ['leaked-key', () => withScript(`const key = ${JSON.stringify(keys.serviceRoleKey)}`)],
    ['build-values', () => withScript('const nothing = 1')],
    ['unreachable', () => undefined, [{ service: 'hosting', connection: 'reset' as const }]],
  ])('exits 2 and names the class: %s', async (failureClass, site, rules = []) => {
    deployed = site();
    faults.set(rules);
    const { code, stdout, report } = await smoke({ GITHUB_ACTIONS: 'true' });
    expect(code).toBe(2);
    expect(report?.failureClasses).toContain(failureClass);
    expect(stdout).toContain(`::error title=Smoke%3A ${failureClass}::`);
    expect(stdout.trim().split('\n').at(-1)).toMatch(new RegExp(`^Smoke test failed: .*${failureClass}`));
  });

  it('tries again what may pass by itself, and not for ever', async () => {
    faults.set([
      { service: 'hosting', path: '^/api/', status: 503, times: 2 },
      { service: 'supabase', path: '/agent_runtime_config', status: 500 },
    ]);
    const { code, report } = await smoke();
    expect(code).toBe(2);
    const attempts = Object.fromEntries(
      report?.checks.map((check) => [check.name, [check.status, check.attempts]]) ?? [],
    );
    expect(attempts).toMatchObject({ 'runtime-config': ['passed', 3], 'kill-switch': ['failed', 3] });
  });

  it('does not repeat a refused sign-in', async () => {
    const { report } = await smoke({ SMOKE_USER_PASSWORD: 'not the password' });
    expect(report?.checks.find(({ name }) => name === 'authentication')).toMatchObject({
      failureClass: 'sign-in',
      attempts: 1,
    });
  });

  it('sweeps what a killed run left, and nothing else', async () => {
    const { superuser } = await supabase.database();
    await superuser.query(`insert into staging_smoke_checks (tag, created_by, created_at, expires_at)
      select tag, id, now() - interval '2 hours', now() + offset_by from auth.users, (values
        ('preview-smoke:killed', interval '-1 hour'), ('preview-smoke:running', interval '1 hour'),
        ('somebody else', interval '-1 hour')) as rows (tag, offset_by)`);
    const { report } = await smoke();
    expect(report?.checks.find(({ name }) => name === 'database')?.facts).toEqual({ sweptRows: 1 });
    const { rows } = await superuser.query<{ tag: string }>('delete from staging_smoke_checks returning tag');
    expect(rows.map(({ tag }) => tag).sort()).toEqual(['preview-smoke:running', 'somebody else']);
  });

  it('says which browser cannot be had, apart from a failed check', async () => {
    const { code, stderr } = await smoke({ SMOKE_BROWSER: '/there/is/none' });
    expect(code).toBe(1);
    expect(stderr).toContain('SMOKE_BROWSER is no executable: /there/is/none');
  });

  it('says what was tried where no browser can be had at all', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'no-browser-'));
    const { code, stderr } = await smoke({
      PATH: empty,
      STAGING_CACHE_DIR: empty,
      PLAYWRIGHT_BROWSERS_PATH: empty,
      PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'No browser could be had. Install Chromium or Google Chrome, or name one in SMOKE_BROWSER.',
    );
    expect(stderr).toMatch(
      /Tried: nothing installed; Playwright's download: .+; npm package: .*npm.*\nThe smoke test could not run/,
    );
  });

  it('exits 1 with every missing variable named', async () => {
    const { code, stderr } = await smoke({ DEFAULT_ORGANIZATION_ID: '', SMOKE_USER_EMAIL: '' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/DEFAULT_ORGANIZATION_ID[\s\S]*SMOKE_USER_EMAIL[\s\S]*setup\.\n$/);
  });
});
