import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { diskSources } from '../../files/disk.ts';
import { exceptionLine } from '../../files/exceptions.ts';
import { rangeSources, stagedSources } from '../../files/history.ts';
import { scanSources } from '../../files/scanSources.ts';
import { scanFolder, type ScanFolder } from '../commands/scan/scanFolder.ts';
import { textReport } from '../../commands/scan/report/text.ts';
import { sarifReport } from '../../commands/scan/report/sarif.ts';
import { jsonReport } from '../../commands/scan/report/json.ts';
import { made, shapeless } from '../policies/support/made.ts';
import { plainly } from '../../machine/paint.ts';

let folder: ScanFolder;
let outside: string;

beforeEach(() => {
  folder = scanFolder({ repository: true });
  outside = mkdtempSync(join(tmpdir(), 'outside-'));
});
afterEach(() => {
  folder.close();
  rmSync(outside, { recursive: true, force: true });
});

const scan = (exceptions = '') => scanSources(diskSources(folder.path), exceptions);
const places = async (exceptions = '') =>
  (await scan(exceptions)).map(({ file, line, rule }) => `${file}:${line} ${rule}`);

/** A program outside of the folder that leaves a mark, with what it could see of the environment. */
function trap(name: string): { readonly program: string; readonly sprung: () => boolean } {
  const program = join(outside, name);
  writeFileSync(program, `#!/bin/sh\nenv > '${outside}/${name}.ran'\ncat\nexit 0\n`);
  chmodSync(program, 0o755);
  return { program, sprung: () => existsSync(join(outside, `${name}.ran`)) };
}

describe('scanning a folder runs nothing that its git configuration names', () => {
  const settings = (program: string): readonly (readonly [string, string])[] => [
    ['core.fsmonitor', program],
    ['core.pager', program],
    ['core.sshCommand', program],
    ['core.editor', program],
    ['diff.external', program],
    ['diff.trap.textconv', program],
    ['diff.trap.command', program],
    ['filter.trap.clean', program],
    ['filter.trap.smudge', program],
    ['filter.trap.process', program],
    ['log.showSignature', 'true'],
    ['gpg.program', program],
    ['pager.log', program],
    ['pager.diff', program],
    ['alias.log', `!${program}`],
    ['credential.helper', program],
    ['uploadpack.packObjectsHook', program],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.url', `ext::${program}`],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.uploadpack', program],
  ];

  function arm(repository: string, program: string, prefix: readonly string[] = []): void {
    for (const [name, value] of settings(program)) folder.git(...prefix, 'config', '--add', name, value);
    const hooks = join(repository, '.git', 'hooks');
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman', 'pre-commit']) {
      writeFileSync(join(hooks, hook), readFileSync(program));
      chmodSync(join(hooks, hook), 0o755);
    }
    writeFileSync(join(repository, '.gitattributes'), '* filter=trap diff=trap\n');
  }

  it('neither of the repository nor of one inside it', async () => {
    const { program, sprung } = trap('program');
    folder.write('a.js', `x('${made('npm token')}');\n`);
    const first = folder.commit();
    folder.write('b.js', 'fine\n');
    const last = folder.commit();
    folder.write('nested/c.js', `x('${made('Stripe live key')}');\n`);
    folder.git('-C', 'nested', 'init', '--quiet');
    folder.write('c.js', `x('${made('GitLab token')}');\n`);
    folder.git('add', 'c.js');
    arm(join(folder.path, 'nested'), program, ['-C', 'nested']);
    arm(folder.path, program);
    expect(await places()).toEqual([
      'a.js:1 package-registry-token',
      'c.js:1 gitlab-token',
      'nested/c.js:1 vendor-token',
    ]);
    const staged = await scanSources(stagedSources(folder.path), '');
    expect(staged.map(({ file }) => file)).toEqual(['c.js']);
    await expect(scanSources(rangeSources(folder.path, `${first}..${last}`), '')).resolves.toEqual([]);
    expect(sprung()).toBe(false);
    spawnSync('git', ['status'], { cwd: folder.path });
    expect(sprung()).toBe(true); // the trap works
  });

  it('nor of a submodule, whose files are scanned', async () => {
    const { program, sprung } = trap('program');
    const other = scanFolder({ repository: true });
    try {
      other.write('s.js', `x('${made('Stripe live key')}');\n`);
      other.commit();
      folder.write('a.js', 'fine\n');
      folder.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', other.path, 'module');
      folder.commit();
      expect(readFileSync(join(folder.path, 'module', '.git'), 'utf8')).toMatch(/^gitdir: /);
      for (const [name, value] of settings(program)) folder.git('-C', 'module', 'config', '--add', name, value);
      writeFileSync(join(folder.path, 'module', '.gitattributes'), '* filter=trap diff=trap\n');
      folder.git('config', 'submodule.module.update', `!${program}`);
      expect(await places()).toEqual(['module/s.js:1 vendor-token']);
      const staged = await scanSources(stagedSources(folder.path), '');
      expect(staged).toEqual([]);
      expect(sprung()).toBe(false);
      spawnSync('git', ['status'], { cwd: join(folder.path, 'module') });
      expect(sprung()).toBe(true); // the trap works
    } finally {
      other.close();
    }
  });

  it('nor fetches what a repository leaves out', async () => {
    const { program, sprung } = trap('fetcher');
    folder.write('a.js', 'fine\n');
    const first = folder.commit();
    folder.write('b.js', 'to be lost\n');
    const last = folder.commit();
    const lost = folder.git('rev-parse', 'HEAD:b.js');
    rmSync(join(folder.path, '.git', 'objects', lost.slice(0, 2), lost.slice(2)));
    arm(folder.path, program);
    await expect(scanSources(rangeSources(folder.path, `${first}..${last}`), '')).rejects.toThrow(/git/);
    expect(sprung()).toBe(false);
  });

  it('and git sees no token', async () => {
    const real = (process.env.PATH ?? '').split(':').find((each) => existsSync(join(each, 'git'))) ?? '';
    writeFileSync(join(outside, 'git'), `#!/bin/sh\nenv >> '${outside}/seen'\nexec '${real}/git' "$@"\n`);
    chmodSync(join(outside, 'git'), 0o755);
    const before = process.env;
    const canary = shapeless();
    process.env = { ...before, PATH: `${outside}:${before.PATH ?? ''}`, GITHUB_TOKEN: canary, OTHER: canary };
    try {
      folder.write('a.js', 'fine\n');
      await scan();
    } finally {
      process.env = before;
    }
    const seen = readFileSync(join(outside, 'seen'), 'utf8');
    expect(seen).toContain('PATH=');
    expect(seen).not.toContain(canary);
  });
});

describe('the scan sees', () => {
  const leak = () => `key ${made('GitHub classic token')}\n`;
  const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const utf32 = (text: string, little: boolean) =>
    Buffer.concat(
      Array.from(text).map((letter) => {
        const bytes = Buffer.alloc(4);
        if (little) bytes.writeUInt32LE(letter.codePointAt(0) ?? 0);
        else bytes.writeUInt32BE(letter.codePointAt(0) ?? 0);
        return bytes;
      }),
    );
  const line = 'a line of a log, ü\n';
  /** As the command `tar` writes it. */
  const tar = (files: Readonly<Record<string, Buffer>>) => {
    const parts = Object.entries(files).map(([name, content]) => {
      const header = Buffer.alloc(512);
      header.write(name);
      header.write(content.length.toString(8).padStart(11, '0'), 124);
      header.fill(' ', 148, 156);
      header.write('ustar', 257);
      header.write(
        `${header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, '0')}\0 `,
        148,
      );
      return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
    });
    return Buffer.concat([...parts, Buffer.alloc(1024)]);
  };

  it.each<readonly [string, () => Buffer, number]>([
    ['UTF-16 without a mark', () => Buffer.from(line + leak(), 'utf16le'), 2],
    ['UTF-16 without a mark, high byte first', () => utf16be(line + leak()), 2],
    ['UTF-16 beyond the first 8 MiB', () => Buffer.from(`\uFEFF${line.repeat(300_000)}${leak()}`, 'utf16le'), 300_001],
    ['UTF-16 without a mark beyond the first 8 MiB', () => utf16be(line.repeat(300_000) + leak()), 300_001],
    ['UTF-32', () => utf32(`\uFEFF${line}${leak()}`, true), 2],
    ['UTF-32, high byte first', () => utf32(`\uFEFF${line}${leak()}`, false), 2],
    ['UTF-32 without a mark', () => utf32(line + leak(), true), 2],
    [
      'UTF-16 inside a program',
      () =>
        Buffer.concat([Buffer.from([1, 0, 0, 7, 0, 0, 0, 9, 255]), Buffer.from(leak(), 'utf16le'), Buffer.alloc(9)]),
      1,
    ],
    ['gzip', () => gzipSync(line + leak()), 1],
    ['gzip of several members', () => Buffer.concat([gzipSync(line), gzipSync(leak())]), 1],
    ['gzip in gzip', () => gzipSync(gzipSync(leak())), 1],
    ['tar', () => tar({ 'a/b.env': Buffer.from(leak()) }), 1],
    ['tar after an odd file', () => tar({ a: Buffer.from('x'), b: Buffer.from(line + leak(), 'utf16le') }), 1],
    ['the name of a link in tar', () => tar({ [made('GitHub classic token')]: Buffer.alloc(0) }), 1],
    ['gzip in tar', () => tar({ 'log.gz': gzipSync(leak()) }), 1],
    [
      'gzip in tar in gzip in zip',
      () => Buffer.from(zipSync({ 'a.tgz': gzipSync(tar({ 'log.gz': gzipSync(leak()) })) })),
      1,
    ],
    [
      'zip at the end of a program',
      () => Buffer.concat([Buffer.from('#!/bin/sh\nexit\n'), zipSync({ a: strToU8(leak()) })]),
      1,
    ],
    [
      'UTF-16 after ASCII',
      () => Buffer.concat([Buffer.from('a line\n'.repeat(2000)), Buffer.from(leak(), 'utf16le')]),
      1,
    ],
    [
      'UTF-16 after an odd number of letters',
      () => Buffer.concat([Buffer.from('a line\n'.repeat(2001)), utf16be(leak())]),
      1,
    ],
    [
      'ASCII after UTF-16',
      () => Buffer.concat([Buffer.from(`\uFEFF${line.repeat(99)}`, 'utf16le'), Buffer.from(leak())]),
      1,
    ],
    ['ASCII after UTF-32', () => Buffer.concat([utf32(line.repeat(99), true), Buffer.from(leak())]), 1],
    ['base64 of UTF-16', () => Buffer.from(`powershell -enc ${Buffer.from(leak(), 'utf16le').toString('base64')}`), 1],
    ['base64 of UTF-16, high byte first', () => Buffer.from(utf16be(leak()).toString('base64')), 1],
    [
      'base64 of other letters than English ones',
      () => Buffer.from(Buffer.from(`schlüssel €: ${leak()}`).toString('base64')),
      1,
    ],
    ['base64 of gzip', () => Buffer.from(`release: ${gzipSync(leak()).toString('base64')}`), 1],
    [
      'base64 in lines',
      () =>
        Buffer.from(
          Buffer.from(line.repeat(3) + leak() + line)
            .toString('base64')
            .replaceAll(/.{76}/g, '$&\n'),
        ),
      1,
    ],
    [
      'base64 longer than 200 000 letters',
      () => Buffer.from(Buffer.from(line.repeat(20_000) + leak()).toString('base64')),
      1,
    ],
    ['hexadecimal digits', () => Buffer.from(`0x${Buffer.from(leak()).toString('hex')}`), 1],
    ['zip', () => Buffer.from(zipSync({ 'a/b.env': strToU8(leak()) })), 1],
  ])('%s', async (_what, make, at) => {
    folder.write('file.bin', make());
    expect(await places()).toEqual([`file.bin:${at} github-token`]);
  });

  /** Marked as encrypted, what it holds only stored. */
  const encrypted = () => {
    const zip = Buffer.from(zipSync({ a: [strToU8('*'.repeat(60)), { level: 0 }] }));
    const [own, listed] = [zip.indexOf('PK\x03\x04', 0, 'latin1'), zip.indexOf('PK\x01\x02', 0, 'latin1')];
    zip.writeUInt16LE(zip.readUInt16LE(own + 6) | 1, own + 6);
    zip.writeUInt16LE(zip.readUInt16LE(listed + 8) | 1, listed + 8);
    return zip;
  };

  it.each<readonly [string, () => Buffer, readonly string[]]>([
    [
      'gzip that was cut short, as far as it goes',
      () => gzipSync(leak() + shapeless().repeat(3000)).subarray(0, -20),
      ['content-not-read', 'github-token'],
    ],
    [
      'what stands after a tar’s end, and says that it is odd',
      () => Buffer.concat([tar({ a: Buffer.from('x') }), Buffer.from(leak())]),
      ['content-not-read', 'github-token'],
    ],
    [
      'a tar that was cut short, and says so',
      () => tar({ a: Buffer.from(leak() + shapeless().repeat(99)) }).subarray(0, 800),
      ['content-not-read', 'github-token'],
    ],
    ['nothing of an encrypted zip, and says so', encrypted, ['content-not-read']],
    ['nothing of zlib, and says so', () => deflateSync(leak()), ['content-not-read']],
    ['nothing of lz4, and says so', () => Buffer.from('04224d1864', 'hex'), ['content-not-read']],
    ['nothing of xz, and says so', () => Buffer.from('fd377a585a000004e6d6b446', 'hex'), ['content-not-read']],
    ['nothing of 7z, and says so', () => Buffer.from('377abcaf271c0004', 'hex'), ['content-not-read']],
    [
      'five layers of gzip, and says that there are more',
      () => gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(gzipSync(leak())))))),
      ['content-not-read'],
    ],
  ])('%s', async (_what, make, expected) => {
    folder.write('file.bin', make());
    expect((await scan()).map(({ rule }) => rule).sort()).toEqual(expected);
    expect((await scan()).find(({ rule }) => rule === 'content-not-read')).toMatchObject({ severity: 'warning' });
  });

  it('the file of exceptions, all but its own fingerprints', async () => {
    folder.write('a.js', `x('${made('npm token')}');\n`);
    const [finding] = await scan();
    if (finding === undefined) throw new Error('nothing was found');
    const reviewed = exceptionLine(finding)
      .replace('YYYY-MM-DD', '2999-12-31')
      .replace('REASON', 'a fixture of the vendor');
    folder.write('.scan-exceptions', `${reviewed}\n`);
    await expect(places(`${reviewed}\n`)).resolves.toEqual([]);
    folder.write('.scan-exceptions', `# ${leak()}${reviewed}\n`);
    await expect(places(`${reviewed}\n`)).resolves.toEqual(['.scan-exceptions:1 github-token']);
    folder.write('.scan-exceptions', `${reviewed.replace('a fixture', leak().trim())}\n`);
    await expect(places(`${reviewed}\n`)).resolves.toEqual(['.scan-exceptions:1 github-token']);
  });
});

describe('what the scan publishes', () => {
  it('confirms no guess of a value', async () => {
    const [first, second] = [made('npm token'), made('npm token')];
    folder.write('a.js', `x('${first}');\n`);
    const [one] = await scan();
    folder.write('a.js', `x('${second}');\n`);
    const [two] = await scan();
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(two?.fingerprint).toBe(one?.fingerprint);
  });

  it('tells places and forms apart', async () => {
    const token = made('npm token');
    folder.write(
      'a.js',
      `x('${token}');\ny('${token}');\nx('${made('Stripe live key')}');\nz('${made('npm token')}', '${made('GitLab token')}')\n`,
    );
    expect(new Set((await scan()).map(({ fingerprint }) => fingerprint)).size).toBe(5);
  });

  it.each(['::error file=x::y', 'a\n::add-mask::b', '\u001b[2Jx', 'a##[command]b', ' ::debug::'])(
    'begins no workflow command and holds no control character: a file called %j',
    async (name) => {
      folder.write(`${name}.js`, `x('${made('npm token')}');\n`);
      const findings = await scan();
      expect(findings).toHaveLength(1);
      for (const text of [textReport(findings, plainly), sarifReport(findings), jsonReport(findings)]) {
        expect(text).not.toMatch(/^\s*::|##\[(?=command\]b\.js:)/m);
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      }
    },
  );
});

it('a folder may be none of git', async () => {
  const file = join(outside, 'deep', 'a.js');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `x('${made('npm token')}');\n`);
  expect((await scanSources(diskSources(outside), '')).map((each) => each.file)).toEqual(['deep/a.js']);
});
