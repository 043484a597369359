import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { scanHistory } from '../../../commands/scan/history.ts';
import { Journal } from '../../../commands/scan/journal.ts';
import { everyVersion } from '../../../files/history.ts';
import { made, shapeless } from '../../policies/support/made.ts';
import { scanFolder, type ScanFolder } from './scanFolder.ts';

jest.setTimeout(60_000); // whole processes, on machines that do other things too

let folder: ScanFolder;
let journals: string;
beforeEach(() => {
  folder = scanFolder({ repository: true });
  journals = mkdtempSync(join(tmpdir(), 'journals-'));
});
afterEach(() => {
  folder.close();
  rmSync(journals, { recursive: true, force: true });
});

const leak = () => `x('${made('Stripe live key')}');\n`;
const password = () => `password = "${shapeless()}"\n`;
const notes: string[] = [];
const report = (event: { readonly kind: string; readonly text: string }) => void notes.push(event.text);
const scan = async (exceptions = '') => {
  notes.length = 0;
  const scanned = { folder: folder.path, root: process.cwd(), journals, exceptions, report };
  return (await scanHistory(scanned)).map(({ file, line, rule, commit }) => `${file}:${line} ${rule} ${commit ?? ''}`);
};

describe('npm run scan -- --history', () => {
  it('finds what was removed again, on any branch, in a tag, a stash and a message, once each, with its oldest commit', async () => {
    const secret = leak();
    folder.write('a.js', `fine\n${secret}`);
    const first = folder.commit();
    folder.write('a.js', `fine\nfine\n${secret}`);
    folder.commit();
    folder.remove('a.js');
    folder.git('checkout', '--quiet', '-b', 'aside');
    folder.write('b.js', leak());
    const aside = folder.commit();
    folder.git('checkout', '--quiet', 'main');
    folder.commit(`Say ${made('Anthropic key')}`);
    const told = folder.git('rev-parse', 'HEAD');
    folder.write('tracked.js', 'fine\n');
    folder.commit();
    folder.write('tracked.js', leak());
    folder.git('stash', 'push', '--quiet');
    const stash = folder.git('rev-parse', 'refs/stash');
    const found = await scan();
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        `a.js:2 vendor-token ${first}`,
        `b.js:1 vendor-token ${aside}`,
        `(commit message):1 model-provider-key ${told}`,
        `tracked.js:1 vendor-token ${stash}`,
      ]),
    );
  });

  it('reads each content once, whatever the number of commits, paths and branches that hold it', () => {
    folder.write('a.js', 'the same\n');
    folder.write('copy/a.js', 'the same\n');
    folder.commit();
    folder.git('mv', 'a.js', 'moved.js');
    folder.commit();
    folder.git('checkout', '--quiet', '-b', 'other');
    folder.write('b.js', 'another\n');
    folder.commit();
    const { versions, paths } = everyVersion(folder.path);
    expect(versions.map(({ file }) => file)).toEqual(['a.js', 'b.js']);
    expect([...paths].sort()).toEqual(['a.js', 'b.js', 'copy/a.js', 'moved.js']);
  });

  it('reads what only the result of a merge holds', async () => {
    folder.write('a.js', 'one\n');
    folder.commit();
    folder.git('checkout', '--quiet', '-b', 'side');
    folder.write('side.js', 'side\n');
    folder.commit();
    folder.git('checkout', '--quiet', 'main');
    folder.write('b.js', 'two\n');
    folder.commit();
    folder.git('merge', '--quiet', '--no-ff', '--no-commit', 'side');
    folder.write('a.js', leak());
    const merge = folder.commit('Merge');
    expect(await scan()).toEqual([`a.js:1 vendor-token ${merge}`]);
  });

  it('goes on after an interruption, and judges the whole: values that only tests hold are fixtures', async () => {
    const fixture = password();
    for (let i = 0; i < 12; i++) folder.write(`test/${i}.js`, `${fixture}// ${i}\n`);
    folder.write('src/real.js', password());
    const commit = folder.commit();
    const expected = [`src/real.js:1 secret-under-sensitive-name ${commit}`];
    expect(await scan()).toEqual(expected);

    // Half of the contents are done in an earlier run, of which the last line was cut short.
    const add = jest.spyOn(Journal.prototype, 'add').mockImplementation(function (this: Journal, entries) {
      add.mockRestore();
      this.add(entries.slice(0, 6));
      throw new Error('killed');
    });
    await expect(scan()).rejects.toThrow('killed');
    const [name = ''] = readdirSync(journals);
    const journal = join(journals, name);
    const text = readFileSync(journal, 'utf8');
    expect(text.split('\n').filter(Boolean)).toHaveLength(7);
    expect(text).not.toContain(/"(.*)"/.exec(fixture)?.[1]);
    expect(statSync(journal).mode & 0o777).toBe(0o600);
    writeFileSync(journal, text.trimEnd().slice(0, -10));
    expect(await scan()).toEqual(expected);
    expect(notes).toContain('Going on: 5 of 13 contents are done.');
    expect(readdirSync(journals)).toEqual([]);
  });

  it('begins anew where the journal is of another repository, or is none', async () => {
    folder.write('a.js', leak());
    const commit = folder.commit();
    const journal = new Journal(journals, ['another']);
    journal.add([{ hash: folder.git('rev-parse', 'HEAD:a.js'), found: [] }]);
    journal.close();
    expect(await scan()).toEqual([`a.js:1 vendor-token ${commit}`]);
    const [name = ''] = readdirSync(journals);
    writeFileSync(join(journals, name), 'no journal\n');
    const again = new Journal(journals, ['another']);
    expect(again.done.size).toBe(0);
    again.remove();
  });

  it('says which contents a clone does not hold', async () => {
    folder.write('a.js', 'fine\n');
    folder.write('b.js', leak());
    const commit = folder.commit();
    const hash = folder.git('rev-parse', 'HEAD:a.js');
    rmSync(join(folder.path, '.git', 'objects', hash.slice(0, 2), hash.slice(2)), { force: true });
    expect((await scan()).sort()).toEqual([`a.js:1 content-not-read ${commit}`, `b.js:1 vendor-token ${commit}`]);
  });

  it('takes exceptions as HEAD has them, says where a clone ends, and tells commits in JSON', async () => {
    folder.write('a.js', leak());
    const commit = folder.commit();
    const { code, stdout } = await folder.scan(['--history', '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      [{ file: 'a.js', line: 1, column: 4, rule: 'vendor-token', severity: 'error', fix: expect.any(String), commit }],
    ]);
    const text = await folder.scan(['--history', folder.path]);
    expect(text.stderr).toContain('Scanned 1 contents of files');
    const [, line = ''] = /reviewed exception: (.*)/.exec(text.stdout) ?? [];
    folder.write(
      '.scan-exceptions',
      line.replace('YYYY-MM-DD', '2999-01-01').replace('REASON', 'reviewed by a person'),
    );
    await expect(folder.scan(['--history'])).resolves.toMatchObject({ code: 2 });
    folder.commit();
    await expect(folder.scan(['--history'])).resolves.toMatchObject({ code: 0 });
  });

  it.each([
    [['--history', '--staged'], 'Give one of'],
    [['--history', '--range', 'A..B'], 'Give one of'],
    [['--history', 'a', 'b'], '--history takes one repository'],
    [['--history', 'no-such-folder'], 'does not exist'],
    [['--history', tmpdir()], 'not a git repository'],
  ])('refuses %j', async (args, message) => {
    expect(await folder.scan(args)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });
});
