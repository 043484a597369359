import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
/** A `pulumi` whose stack has these resources. */
const withStack = (...names: readonly string[]) => {
  const bin = join(folder.path, '.rotations', 'bin');
  mkdirSync(bin, { recursive: true });
  const resources = names.map((name) => ({
    urn: `urn:pulumi:staging::allincompassing::a:b:C::${name}`,
    type: 'a:b:C',
  }));
  writeFileSync(
    join(bin, 'pulumi'),
    `#!/bin/sh\necho '${JSON.stringify({ version: 3, deployment: { resources } })}'\n`,
    { mode: 0o755 },
  );
  return { PATH: `${bin}:${process.env.PATH ?? ''}` };
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
    // The values, and the fields beside them: the plan is made of what was read.
    expect(server.log.filter(({ path }) => path.endsWith('/auth/start'))).toHaveLength(2);
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
    const old = `${server.service.vault.read('openai_api_key').slice(0, 8)}0123456789abcdef0123456789`;
    server.service.vault.set('previous_openai_api_key', old);
    folder.write('a.txt', `${old}\n`);
    // A person revokes it: whether that was done, only a person can say.
    const unsure = await rotate(['--leaked', 'a.txt', ...consent]);
    expect(unsure.shown).toContain('Leaked, and replaced since: OPENAI_API_KEY');
    expect(unsure.shown).toContain('Whether the one that leaked was revoked cannot be seen from here');
    expect([unsure.code, (await rotate(['--leaked', 'a.txt', '--dry-run'])).code]).toEqual([2, 2]);
    const { code, shown } = await rotate(['--leaked', 'a.txt', '--checked', ...consent]);
    expect(shown).toContain('what leaked was revoked before (by the word of who gave --checked)');
    expect(shown).toContain('Scanned again: no value that the vault has now stands in a file or in a commit.');
    expect(shown).not.toContain(old.slice(-12));
    expect(code).toBe(0);
    server.service.vault.set('rotating_openai_api_key', 'somebody since yesterday');
    const underWay = await rotate(['--leaked', 'a.txt', '--checked', '--dry-run']);
    expect([underWay.shown, underWay.code]).toEqual([expect.stringContaining('is valid until that has ended'), 2]);
    server.service.vault.remove('previous_openai_api_key');
  });

  it('gives the one answer of standard input to no value, where several wait for one', async () => {
    folder.write('a.txt', `${value()}\n${server.service.vault.read('openai_api_key')}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent]);
    expect(shown).toContain('standard input can give one value alone');
    expect(shown).not.toContain('record');
    expect(code).toBe(1);
    expect(server.service.vault.list().filter(({ label }) => label.startsWith('rotating_'))).toEqual([]);
  });

  it('ends each of several leaks, whatever the one before it came to', async () => {
    const old = `${server.service.vault.read('openai_api_key').slice(0, 8)}0123456789abcdef0123456789`;
    server.service.vault.set('previous_openai_api_key', old);
    folder.write('a.txt', `${value()}\n${old}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent], withStack('netlify-SUPABASE_ACCESS_TOKEN'));
    expect(shown).toContain('No new value was given');
    expect(shown).toContain('OPENAI_API_KEY was replaced. Whether the one that leaked was revoked');
    expect(code).toBe(1);
    server.service.vault.remove('previous_openai_api_key');
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'lacks a place',
      () => withStack('netlify-OTHER'),
      /stack does not have netlify-SUPABASE_ACCESS_TOKEN yet\. First: npm run adopt/,
    ],
    [
      'cannot be read',
      () => ({ PATH: dirname(process.execPath) }),
      /the stack cannot be read, and every place is written/,
    ],
  ])('begins no rotation where the stack %s', async (_, environment, why) => {
    folder.write('a.txt', `${value()}\n`);
    const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent], environment());
    expect(shown).toMatch(why);
    expect(shown).not.toContain('Make the new');
    expect([code, server.log.filter(({ method }) => method === 'PATCH')]).toEqual([1, []]);
    expect(readdirSync(join(folder.path, '.rotations', 'staging'))).toEqual([]);
  });

  it('never rotates staging’s value for a value that production has for itself', async () => {
    const { vault } = server.service;
    const before = vault.read('production_service_role_key');
    const own = ['sb', 'secret', 'made_up_for_production_0123456789'].join('_');
    vault.set('production_service_role_key', own);
    folder.write('a.txt', `${own}\n`);
    try {
      const { code, shown } = await rotate(['--leaked', 'a.txt', ...consent]);
      expect(shown).toContain('op://Platform/Supabase/production_service_role_key has a value of its own');
      expect([code, server.log.filter(({ method }) => method === 'PATCH')]).toEqual([2, []]);
    } finally {
      vault.set('production_service_role_key', before);
    }
  });

  it('finds who can have seen it in the repository of a folder that was named', async () => {
    const other = scanFolder({ repository: true });
    try {
      other.write('b.txt', `${value()}\n`);
      const commit = other.commit('Bring it');
      const { code, stdout } = await rotate(['--leaked', other.path, '--dry-run']);
      expect(stdout).toContain(`since: commit ${commit.slice(0, 10)}`);
      expect(code).toBe(2);
    } finally {
      other.close();
    }
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
      [['--leaked', 'no-such.json', '--dry-run'], /^(?!.*no-such)[^]*is no file, no folder and no fingerprint/],
      [['--leaked', 'a.txt', '--random', '--dry-run'], /--random says of one value that it is ours/],
      [['SUPABASE_URL', '--leaked', '--dry-run'], /is no secret by its declaration|no secret/],
      [['SUPABASE_ANON_KEY', '--leaked', '--dry-run'], /is made to be seen/],
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
