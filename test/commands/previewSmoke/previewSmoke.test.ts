import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SmokeReport } from '../../../commands/previewSmoke/report.ts';
import { runCommand, type Ended } from '../../support/command.ts';
import { openSmokeWorld, type SmokeWorld } from './world.ts';

let world: SmokeWorld;
jest.setTimeout(180_000);
beforeAll(async () => {
  world = await openSmokeWorld();
}, 120_000);
afterAll(() => world.close());
beforeEach(() => {
  world.faults.set([]);
  world.deploy(world.healthy);
});

interface Smoked extends Ended {
  readonly folder: string;
  readonly report: SmokeReport | undefined;
}

/** Runs the test; nothing that it prints or writes, a trace's parts included, may hold what must not be seen. */
async function smoke(
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Smoked> {
  const folder = mkdtempSync(join(tmpdir(), 'smoke-'));
  const { email, password } = world.people.admin;
  const ended = await runCommand(
    'commands/previewSmoke/command.ts',
    ['--url', world.siteUrl, '--report-dir', folder, '--timeout', '8', '--attempts', '2', ...args],
    {
      SUPABASE_URL: world.supabaseUrl,
      SUPABASE_ANON_KEY: world.keys.anonKey,
      DEFAULT_ORGANIZATION_ID: world.organizationId,
      SMOKE_USER_EMAIL: email,
      SMOKE_USER_PASSWORD: password,
      ...environment,
    },
  );
  const texts = readdirSync(folder).flatMap((name) => {
    const bytes = readFileSync(join(folder, name));
    return name.endsWith('.zip') ? Object.values(unzipSync(bytes)).map((part) => strFromU8(part)) : [bytes.toString()];
  });
  for (const text of [ended.stdout, ended.stderr, ...texts]) {
    for (const secret of [password, JSON.stringify(password).slice(1, -1), world.organizationId]) {
      expect(text.includes(secret)).toBe(false);
    }
    expect(/eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/.test(text)).toBe(false);
    expect(/"refresh_token\\?":\s*\\?"(?!\*)/.test(text)).toBe(false);
  }
  const file = join(folder, 'report.json');
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SmokeReport) : undefined;
  return { ...ended, folder, report };
}

describe('preview:smoke', () => {
  it('passes a healthy site in a real browser, and leaves its evidence', async () => {
    const { code, stdout, report, folder } = await smoke();
    expect(report?.checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'runtime-config passed',
      'root-document passed',
      'authentication passed',
      'kill-switch passed',
      'database passed',
      'dashboard passed',
    ]);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe('Smoke test passed: 6 checks.');
    expect(readdirSync(folder).sort()).toEqual(['dashboard.png', 'junit.xml', 'report.html', 'report.json']);
  });

  it('keeps the page and a trace only when told, and says what that means', async () => {
    const { code, stdout, report, folder } = await smoke({}, ['--evidence', 'full']);
    expect(code).toBe(0);
    expect(stdout).toContain('Never where people’s data is real.');
    expect(report?.evidence).toBe('full');
    expect(readdirSync(folder)).toContain('trace.zip');
  });

  it('exits 2, names the class on GitHub too, and types no password into a page that leads elsewhere', async () => {
    world.deploy(world.withEnvironment({ SUPABASE_URL: 'https://other.supabase.co' }));
    const { code, stdout, report } = await smoke({ GITHUB_ACTIONS: 'true' });
    expect(code).toBe(2);
    expect(report?.failureClasses).toEqual(['wrong-supabase', 'sign-in']);
    expect(report?.checks.at(-1)?.detail).toContain('not tried');
    expect(stdout).toContain('::error title=Smoke%3A wrong-supabase::');
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^Smoke test failed: .*wrong-supabase/);
  });

  it('says which browser cannot be had, separately from a failed check', async () => {
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

  it.each([
    [
      'every missing variable',
      { DEFAULT_ORGANIZATION_ID: '', SMOKE_USER_EMAIL: '' },
      [],
      /DEFAULT_ORG[\s\S]*SMOKE_USER_EMAIL/,
    ],
    ['both names of the key', { SUPABASE_ANON_KEY: '' }, [], /SUPABASE_ANON_KEY or SUPABASE_PUBLISHABLE_KEY/],
    ['an address without TLS', {}, ['--url', 'http://staging.example'], /must be an https address/],
    ['an address that only begins as this machine’s', {}, ['--url', 'http://127.evil.example'], /must be an https/],
    ['an address with a user', {}, ['--url', 'https://me:you@staging.example'], /no user and no password/],
    ['a role that is not described', {}, ['--role', 'nobody'], /There are: admin, super_admin, therapist, client/],
    ['an option that is no number', {}, ['--timeout', 'Infinity'], /--timeout/],
    ['unknown evidence', {}, ['--evidence', 'some'], /--evidence is blanked or full/],
  ])('exits 1 and names %s', async (_what, environment, args, message) => {
    const { code, stderr } = await smoke(environment, args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/setup\.\n$/);
  });
});
