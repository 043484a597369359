import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { localFile } from '../../../localEnvironment/localFile.ts';
import { valueIn, withVariables } from '../../../commands/envLocal/file.ts';
import {
  createOnePassword,
  serviceAccountToken,
  type OnePassword,
} from '../../../sandbox/standIns/onepassword/index.ts';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { runCommand } from '../../support/command.ts';
import { copyFixture } from '../../support/fixture.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'vault-'));
const faults = new Faults();
let vault: OnePassword;
let server: Listening;
let root: string;
let calledIn: string;
beforeAll(async () => {
  vault = createOnePassword({ stateDir });
  server = await serve(vault, { faults });
});
afterAll(() => server.close());
beforeEach(() => {
  faults.set([]);
  root = mkdtempSync(join(tmpdir(), 'local-'));
  calledIn = root;
  copyFixture(root);
  execFileSync('git', ['init', '-q'], { cwd: root });
  writeFileSync(join(root, '.gitignore'), '.env.local\n');
});
const file = () => join(root, '.env.local');

async function local(...args: string[]) {
  return localWithin(20, ...args);
}

/** With this many seconds for the vault. */
async function localWithin(seconds: number, ...args: string[]) {
  const ended = await runCommand(
    'commands/envLocal/command.ts',
    args,
    {
      OP_SERVICE_ACCOUNT_TOKEN: serviceAccountToken(stateDir, server.port),
      STAGING_VAULT_TIMEOUT: String(seconds),
      INIT_CWD: calledIn,
    },
    root,
  );
  for (const label of ['default_organization_id', 'anon_key']) {
    expect(ended.stdout + ended.stderr).not.toContain(vault.vault.read(label));
  }
  return ended;
}

describe('env:local', () => {
  it('takes a folder from where it was called, and names it in the command that it prints', async () => {
    calledIn = mkdtempSync(join(tmpdir(), 'called-'));
    const application = join(calledIn, 'the app');
    mkdirSync(application);
    execFileSync('git', ['init', '-q'], { cwd: application });
    writeFileSync(join(application, '.gitignore'), '.env.mine\n');
    const where = ['--dir', 'the app', '--file', '.env.mine'];
    const { code, stdout } = await local(...where, '--check');
    expect({ code, last: stdout.trim().split('\n').at(-1) }).toEqual({
      code: 2,
      last: "Write them: npm run env:local -- --dir 'the app' --file .env.mine",
    });
    expect((await local(...where, '--yes')).code).toBe(0);
    expect(readdirSync(application)).toContain('.env.mine');
    rmSync(calledIn, { recursive: true });
  });

  it('writes the values for its owner only, keeps every other line, and checks clean afterwards', async () => {
    const others = '# mine\nFOO=bar # kept\n\nMULTI="a\nDEFAULT_ORGANIZATION_ID=inside"\n';
    writeFileSync(file(), `${others}export DEFAULT_ORGANIZATION_ID=old\n`);
    chmodSync(file(), 0o644);
    expect((await local('--check')).code).toBe(2);
    expect((await local('--yes')).code).toBe(0);
    const text = readFileSync(file(), 'utf8');
    expect(text.startsWith(others)).toBe(true);
    expect(text).toContain(`export DEFAULT_ORGANIZATION_ID=${vault.vault.read('default_organization_id')}\n`);
    expect(text).not.toContain(vault.vault.read('service_role_key'));
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await local('--check')).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(root).filter((name) => name.startsWith('.env'))).toEqual(['.env.local']);
  }, 60_000);

  it('reports a mismatch by name', async () => {
    await local('--yes');
    writeFileSync(
      file(),
      readFileSync(file(), 'utf8').replace(/DEFAULT_ORGANIZATION_ID=.*/, 'DEFAULT_ORGANIZATION_ID=x'),
    );
    const ended = await local('--check', '--json');
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      different: [{ name: 'DEFAULT_ORGANIZATION_ID', how: 'has another value' }],
    });
  }, 30_000);

  it.each([
    ['the one that is there', ['.env.codex'], '.env.codex', []],
    ['not one that git would commit', ['.env'], '.env.local', []],
    ['the first of several', ['.env', '.env.local'], '.env.local', ['.env']],
    ['.env.local where there is none', [], '.env.local', []],
  ])('goes into the file that the application loads: %s', (_, there, chosen, ignored) => {
    writeFileSync(join(root, '.gitignore'), ['.env.local', '.env.codex', ...ignored].join('\n'));
    for (const name of there) writeFileSync(join(root, name), '');
    expect(localFile(root, undefined)).toBe(join(root, chosen));
    expect(localFile(root, '.env.mine')).toBe(join(root, '.env.mine'));
  });

  it('says what to declare where no value is for it', async () => {
    const stackFile = join(root, 'Pulumi.staging.yaml');
    writeFileSync(stackFile, readFileSync(stackFile, 'utf8').replaceAll(/ +localFile: true\n/g, ''));
    const ended = await local('--yes');
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('declares no value for localFile') });
  }, 30_000);

  it.each([
    ['git does not ignore it', () => rmSync(join(root, '.gitignore')), 'does not ignore .env.local'],
    ['it is no checkout', () => rmSync(join(root, '.git'), { recursive: true }), 'no git checkout'],
    [
      'git tracks it',
      () => {
        writeFileSync(file(), '');
        execFileSync('git', ['add', '-f', '.env.local'], { cwd: root });
      },
      'git rm --cached',
    ],
    ['the vault refuses', () => faults.set([{ status: 401 }]), '1Password'],
    ['the vault hangs', () => faults.set([{ connection: 'hang' }]), 'no answer within 2 s', 2],
  ])(
    'writes nothing when %s',
    async (_, arrange, message, seconds = 20) => {
      arrange();
      const before = readdirSync(root).includes('.env.local');
      expect(await localWithin(seconds, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
      expect(readdirSync(root).includes('.env.local')).toBe(before);
    },
    60_000,
  );
});

describe('an env file', () => {
  it.each(['plain', 'with space', 'a"quote', "it's", 'two\nlines', '#hash', '', '$dollar', 'both\'`"\nend'])(
    'reads back what was written: %j',
    (value) => expect(valueIn(withVariables('A=1\n', new Map([['B', value]])), 'B')).toBe(value),
  );
});
