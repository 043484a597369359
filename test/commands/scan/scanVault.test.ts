import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startOnePassword, type TestServer } from '../../sandbox/onepasswordServer.ts';
import { scanFolder, type ScanFolder } from './scanFolder.ts';
import { copyFixture } from '../../support/fixture.ts';

jest.setTimeout(60_000); // whole processes, on machines that do other things too

let server: TestServer;
let folder: ScanFolder;

beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = scanFolder({ repository: true });
  copyFixture(folder.path);
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
});
afterEach(() => {
  folder.close();
  server.faults.set([]);
});

const scan = (args: readonly string[] = []) =>
  folder.scan([...args, '--json'], { OP_SERVICE_ACCOUNT_TOKEN: server.token });
const rows = (stdout: string) =>
  (JSON.parse(stdout) as { file: string; line: number; rule: string }[]).map(
    ({ file, line, rule }) => `${file}:${line} ${rule}`,
  );
const value = () => server.service.vault.read('access_token');

describe('the scan with access to the vault', () => {
  it('finds a value of the vault in every spelling, in files, configuration and the packed product', async () => {
    // A value without a shape, in places where no name gives it away: only the vault knows it.
    server.service.vault.set('openai_api_key', 'correct horse/battery+staple "quoted"');
    const known = 'correct horse/battery+staple "quoted"';
    folder.write('.gitignore', 'dist/\n');
    folder.write('plain.txt', `a\nb ${known}\n`);
    folder.write('json.txt', JSON.stringify({ x: known }));
    folder.write('url.txt', `https://acme.dev/?x=${encodeURIComponent(known)}`);
    folder.write('base64.txt', Buffer.from(`..${known}..`).toString('base64'));
    folder.write('dist/bundle.js', `var x = ${JSON.stringify(known)};`);
    const { code, stdout } = await scan();
    expect(code).toBe(2);
    expect(rows(stdout).sort()).toEqual([
      'base64.txt:1 vault-value',
      'dist/bundle.js:1 vault-value',
      'json.txt:1 vault-value',
      'plain.txt:2 vault-value',
      'url.txt:1 vault-value',
    ]);
  });

  it('leaves publishable values and the organisation id alone', async () => {
    const { vault } = server.service;
    folder.write('public.ts', `const a = '${vault.read('default_organization_id')}', b = '${vault.read('url')}';\n`);
    folder.write('anon.ts', `const c = '${vault.read('anon_key')}';\n`);
    const { code, stdout } = await scan();
    expect({ code, rows: rows(stdout) }).toEqual({
      code: 0,
      rows: [expect.stringMatching(/^anon\.ts:1 supabase-(anon|publishable)-key$/)],
    });
  });

  it('cannot be excepted', async () => {
    folder.write('a.txt', value());
    const { stdout } = await folder.scan(['--no-vault']);
    const line = /reviewed exception: (.*)/.exec(stdout)?.[1] ?? '';
    folder.write(
      '.scan-exceptions',
      `${line.replace('YYYY-MM-DD', '2999-01-01').replace('REASON', 'reviewed by a person')}\n`,
    );
    await expect(folder.scan(['--no-vault'])).resolves.toMatchObject({ code: 0 });
    expect(rows((await scan()).stdout)).toEqual(['a.txt:1 vault-value']);
  });

  it('searches the staged files when asked, and not otherwise', async () => {
    folder.write('a.txt', Buffer.from(`x${value()}`).toString('base64').slice(1));
    folder.git('add', '--all');
    expect(rows((await scan(['--staged', '--vault'])).stdout)).toEqual(['a.txt:1 vault-value']);
    server.log.length = 0;
    await scan(['--staged']);
    await folder.scan(['--no-vault'], { OP_SERVICE_ACCOUNT_TOKEN: server.token });
    expect(server.log).toEqual([]);
  });

  it('exits 1 when the vault does not answer: a scan without it must not look like one with it', async () => {
    server.faults.set([{ status: 500 }]);
    const { code, stdout } = await scan();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('prints and writes no value', async () => {
    folder.write('a.txt', `${value()}\n`);
    folder.write(`${value()}.txt`, 'a secret as a name\n');
    folder.git('add', '--all');
    for (const args of [[], ['--json'], ['--sarif'], ['--vault', '--staged'], ['--vault', '--staged', '--json']]) {
      const { stdout, stderr } = await folder.scan(args, { OP_SERVICE_ACCOUNT_TOKEN: server.token });
      expect(stdout + stderr).toContain('****.txt');
      expect(stdout + stderr).not.toContain(value());
      expect(stdout + stderr).not.toContain(value().slice(-16));
    }
    expect(folder.git('status', '--short', '--untracked-files=all')).not.toMatch(/^\?\?/m);
  });
});
