import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { made, shapeless } from '../../policies/support/made.ts';
import { scanFolder, type ScanFolder } from './scanFolder.ts';

jest.setTimeout(60_000); // whole processes, on machines that do other things too

let folder: ScanFolder;
afterEach(() => folder.close());

interface Row {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: string;
  readonly fix: string;
}

const rows = (stdout: string) =>
  (JSON.parse(stdout) as Row[]).map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);

describe('npm run scan', () => {
  it('exits 0 and prints an empty array over a clean folder', async () => {
    folder = scanFolder();
    folder.write('a.ts', 'export const key = process.env.KEY;\n');
    await expect(folder.scan([folder.path, '--json'])).resolves.toMatchObject({ code: 0, stdout: '[]\n' });
  });

  it('exits 2 with place, rule, severity and fix, relative to the folder', async () => {
    folder = scanFolder();
    folder.write('src/a.ts', `const a = 1;\nconst b = '${made('Netlify token')}';\n`);
    folder.write('.env', `SESSION_SECRET=${shapeless()}\n`);
    const { code, stdout } = await folder.scan([folder.path, '--json']);
    expect(code).toBe(2);
    expect(rows(stdout).sort()).toEqual(['.env:1:16 secret-under-sensitive-name', 'src/a.ts:2:12 netlify-token']);
    for (const row of JSON.parse(stdout) as Row[]) {
      expect(Object.keys(row)).toEqual(['file', 'line', 'column', 'rule', 'severity', 'fix']);
      expect(row).toMatchObject({ severity: 'error', fix: expect.stringMatching(/\w{10}|op:\/\//) as unknown });
    }
  });

  it('exits 0 when there are only warnings', async () => {
    folder = scanFolder();
    folder.write('a.ts', `const key = 'sb_publishable_${shapeless().slice(0, 31)}';\n`);
    const { code, stdout } = await folder.scan([folder.path, '--json']);
    expect({ code, rows: rows(stdout) }).toEqual({ code: 0, rows: ['a.ts:1:14 supabase-publishable-key'] });
  });

  it.each([
    [['/no/such/folder']],
    [['/no/such/folder', '.']],
    [['--range', 'nonsense']],
    [['--range', 'a..b']],
    [['--json', '--sarif']],
    [['--staged', '.']],
    [['--unknown']],
    [['--vault', '.']],
  ])('exits 1 when it cannot run: %j', async (args) => {
    folder = scanFolder({ repository: true });
    const { code, stdout, stderr } = await folder.scan(args, { STAGING_VAULT: 'off' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.length).toBeGreaterThan(10);
  });

  it('reads what git tracks or would commit, and everything where git has no say', async () => {
    folder = scanFolder({ repository: true });
    const leak = () => `x('${made('npm token')}');\n`;
    folder.write('.gitignore', 'ignored/\n.env\n');
    folder.write('tracked.js', leak());
    folder.commit();
    folder.write('new.js', leak());
    folder.write('.env', leak());
    folder.write('ignored/corpus/a.js', leak());
    folder.write('ignored/node_modules/b.js', leak());
    expect(rows((await folder.scan([folder.path, '--json'])).stdout)).toEqual([
      'tracked.js:1:4 package-registry-token',
      'new.js:1:4 package-registry-token',
    ]);
    expect(rows((await folder.scan([join(folder.path, 'ignored'), '--json'])).stdout)).toEqual([
      'corpus/a.js:1:4 package-registry-token',
    ]);
    expect(rows((await folder.scan([join(folder.path, 'new.js'), '--json'])).stdout)).toEqual([
      'new.js:1:4 package-registry-token',
    ]);
  });

  it('reads UTF-16, binary and huge files, links, and odd names', async () => {
    folder = scanFolder();
    const token = made('GitHub classic token');
    folder.write('utf16.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`a\nkey ${token}`, 'utf16le')]));
    folder.write(
      'utf16be.txt',
      Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(`key ${token}`, 'utf16le').swap16()]),
    );
    folder.write('data.sqlite', Buffer.concat([Buffer.alloc(64), Buffer.from(`x ${token} y`), Buffer.alloc(64)]));
    folder.write('huge.log', `${'a line of a log\n'.repeat(700_000)}${token}\n`);
    folder.write('with space/ä.txt', token);
    symlinkSync(`/nowhere/${token}`, join(folder.path, 'link'));
    expect(rows((await folder.scan([folder.path, '--json'])).stdout).sort()).toEqual([
      'data.sqlite:1:1 github-token',
      'huge.log:700001:1 github-token',
      'link:1:10 github-token',
      'utf16.txt:2:5 github-token',
      'utf16be.txt:1:5 github-token',
      'with space/ä.txt:1:1 github-token',
    ]);
  });

  it('follows a link that it is given, and takes paths from where npm was called', async () => {
    folder = scanFolder();
    folder.write('real/a.js', `x('${made('npm token')}');\n`);
    symlinkSync(join(folder.path, 'real'), join(folder.path, 'linked'));
    const INIT_CWD = join(folder.path, 'real');
    for (const args of [[join(folder.path, 'linked')], ['../linked'], ['.'], ['a.js'], ['../linked/a.js']]) {
      const { code, stdout } = await folder.scan([...args, '--json'], { INIT_CWD });
      expect({ args, code, rows: rows(stdout) }).toEqual({ args, code: 2, rows: ['a.js:1:4 package-registry-token'] });
    }
  });

  it('reports a secret once although windows of a huge file overlap', async () => {
    folder = scanFolder();
    const before = 8 * 1024 * 1024 - 32 * 1024;
    folder.write('huge.txt', `${'x'.repeat(before - 1)}\n${made('Pulumi token')}\n${'y '.repeat(200_000)}`);
    expect(rows((await folder.scan([folder.path, '--json'])).stdout)).toEqual(['huge.txt:2:1 pulumi-token']);
  });

  it('takes reviewed exceptions, and reports expired and unreadable ones', async () => {
    folder = scanFolder();
    folder.write('a.js', `x('${made('npm token')}');\n`);
    const { stdout } = await folder.scan([folder.path]);
    const line = /reviewed exception: (.*)/.exec(stdout)?.[1] ?? '';
    const reviewed = (until: string) =>
      `${line.replace('YYYY-MM-DD', until).replace('REASON', 'a fixture of the vendor')}\n`;
    folder.write('.scan-exceptions', reviewed('2999-12-31'));
    await expect(folder.scan([folder.path])).resolves.toMatchObject({ code: 0, stdout: '' });
    folder.write('.scan-exceptions', `${reviewed('2001-01-01')}nonsense\n`);
    const { code, stdout: again } = await folder.scan([folder.path, '--json']);
    expect(code).toBe(2);
    expect(rows(again)).toEqual([
      '.scan-exceptions:1:1 exception',
      '.scan-exceptions:2:1 exception',
      'a.js:1:4 package-registry-token',
    ]);
  });
});
