import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOnePassword, type TestServer } from '../../sandbox/onepasswordServer.ts';
import { runCommand } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';
import { sharedProject } from '../../support/sharedProject.ts';
import { scanFolder, type ScanFolder } from '../scan/scanFolder.ts';

jest.setTimeout(120_000); // whole processes, on machines that do other things too

let server: TestServer;
let folder: ScanFolder;

beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = scanFolder({ repository: true });
  copyFixture(folder.path);
  writeFileSync(join(folder.path, '.gitignore'), '.rotations/\nincidents/\nfindings.json\n');
  folder.commit('Begin');
});
afterEach(() => {
  const { vault } = server.service;
  for (const { label } of vault.list()) if (label.startsWith('rotating_')) vault.remove(label);
  folder.close();
});

const consent = ['--yes', '--project', sharedProject.ref];
const rotate = async (args: readonly string[], environment: Record<string, string> = {}) => {
  server.log.length = 0;
  const ended = await runCommand(
    'commands/rotate/command.ts',
    args,
    { OP_SERVICE_ACCOUNT_TOKEN: server.token, INCIDENTS_DIR: join(folder.path, 'incidents'), ...environment },
    folder.path,
  );
  const shown = ended.stdout + ended.stderr;
  for (const label of ['access_token', 'openai_api_key', 'service_role_key'])
    expect(shown).not.toContain(server.service.vault.read(label).slice(-12));
  return { ...ended, shown };
};
const value = () => server.service.vault.read('access_token');
const stripe = ['sk', 'live', '51Hx9Qz7Lw3Rt8Vb2Nm6Kp4J'].join('_');

describe('rotate --leaked', () => {
  it('says what it is and who can have seen it, and writes nothing with --dry-run', async () => {
    folder.write('a.txt', `x ${value()}\n`);
    const { code, stdout } = await rotate(['--leaked', '--dry-run']);
    expect(stdout).toContain('Leaked: SUPABASE_ACCESS_TOKEN (op://Platform/Supabase/access_token)');
    expect(stdout).toContain('found: a.txt:1');
    expect(stdout).toContain('since: never committed');
    expect(stdout).toContain('seen by: who uses this machine');
    expect(stdout).toContain('Rotation of SUPABASE_ACCESS_TOKEN');
    expect(stdout).toContain('waits 0 s (--overlap)');
    expect(code).toBe(2);
    expect(folder.git('status', '--short')).toBe('?? a.txt');
  });

  it('takes a report of the history, and tells a program the same', async () => {
    folder.write('a.txt', `x ${value()}\n`);
    const commit = folder.commit('Bring it');
    folder.remove('a.txt');
    folder.commit('Remove it');
    const report = await folder.scan(['--history', '.', '--json', '--vault'], {
      OP_SERVICE_ACCOUNT_TOKEN: server.token,
    });
    folder.write('findings.json', report.stdout);
    const { code, stdout } = await rotate(['--leaked', 'findings.json', '--dry-run', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      leaks: [
        {
          ...{ state: 'current', names: ['SUPABASE_ACCESS_TOKEN'] },
          found: [{ file: 'a.txt', commit }],
          seen: [{ standsIn: [], since: { id: commit }, pushed: null }],
        },
      ],
      rotations: [{ value: 'SUPABASE_ACCESS_TOKEN', kind: 'person' }],
    });
    expect(code).toBe(2);
  });

  it('names the page where a token of another vault is revoked', async () => {
    folder.write('a.ts', `const a = '${stripe}';\n`);
    const { code, stdout } = await rotate(['--leaked', 'a.ts', ...consent]);
    expect(stdout).toContain('Not in the vault: vendor-token');
    expect(stdout).toContain('revoke it at Stripe: https://dashboard.stripe.com/apikeys');
    expect(code).toBe(2);
  });

  it('has nothing to do where nothing leaked, or where it was replaced before', async () => {
    const clean = await rotate(['--leaked', ...consent]);
    expect([clean.stdout, clean.code]).toEqual(['Nothing leaked.\n', 0]);
    const old = `${value().slice(0, 8)}0123456789abcdef${value().slice(24)}`;
    server.service.vault.set('previous_access_token', old);
    folder.write('a.txt', `${old}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent]);
    expect(shown).toContain('Leaked, and replaced since: SUPABASE_ACCESS_TOKEN');
    expect(shown).toContain('what leaked was revoked before');
    expect(shown).toContain('Scanned again: no value that the vault has now stands in a file or in a commit.');
    expect(shown).not.toContain(old.slice(-12));
    expect(code).toBe(0);
    server.service.vault.remove('previous_access_token');
  });

  it('ends each of several leaks, whatever the one before it came to', async () => {
    folder.write('a.txt', `${value()}\n${server.service.vault.read('openai_api_key')}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent]);
    for (const name of ['SUPABASE_ACCESS_TOKEN', 'OPENAI_API_KEY'])
      expect(shown).toMatch(new RegExp(`The incident’s record: \\S+-${name}`));
    expect(shown.match(/No new value was given/g)).toHaveLength(2);
    expect(code).toBe(1);
  });

  it('keeps a record and says what is left where the rotation waits for a person', async () => {
    folder.write('a.txt', `${value()}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent], { SUPABASE_ACCESS_TOKEN: '' });
    expect(shown).toMatch(/The incident’s record: \S+-SUPABASE_ACCESS_TOKEN/);
    expect(shown).toContain('Scanned again: still valid, and still found:');
    expect(code).toBe(1); // nobody gave the new one
    const listed = await runCommand(
      'commands/incident/command.ts',
      ['update', '--text', 'x', '--dry-run', '--json'],
      {
        INCIDENTS_DIR: join(folder.path, 'incidents'),
      },
      folder.path,
    );
    expect(JSON.parse(listed.stdout)).toMatchObject({
      incident: { kind: 'leak', title: 'Leaked: SUPABASE_ACCESS_TOKEN' },
    });
    expect(listed.stdout).not.toContain(value());
  });

  it('refuses a call that means two things, and says nothing without the vault', async () => {
    for (const [args, message] of [
      [['--leaked', '--back'], /is not put back/],
      [['--leaked', '--overlap', '5'], /leave --overlap out/],
      [['--leaked', '--to', 'secret'], /leave --to out/],
      [['SUPABASE_ACCESS_TOKEN', '--leaked', 'x.json'], /not both/],
      [['--leaked', 'no-such.json', '--dry-run'], /is no file, no folder and no fingerprint/],
      [[], /Missing required argument 'VALUE'/],
    ] as const) {
      const { code, stderr } = await rotate(args);
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    }
    const without = await rotate(['--leaked', '--dry-run'], { STAGING_VAULT: 'off' });
    expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(/No access to 1Password/)]);
  });

  it('takes a value that somebody knows to have leaked elsewhere', async () => {
    const { code, stdout } = await rotate(['SUPABASE_ACCESS_TOKEN', '--leaked', '--dry-run']);
    expect(stdout).toContain('Leaked: SUPABASE_ACCESS_TOKEN');
    expect(stdout).toContain('seen by: nobody can say');
    expect(code).toBe(2);
  });
});
