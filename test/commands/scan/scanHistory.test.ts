import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { made } from '../../policies/support/made.ts';
import { runCommand } from '../../support/command.ts';
import { scanFolder, type ScanFolder } from './scanFolder.ts';

jest.setTimeout(60_000); // whole processes, on machines that do other things too

let folder: ScanFolder;
beforeEach(() => {
  folder = scanFolder({ repository: true });
});
afterEach(() => folder.close());

const leak = (kind = 'Stripe live key') => `x('${made(kind)}');\n`;
const rows = (stdout: string) =>
  (JSON.parse(stdout) as { file: string; line: number; rule: string }[]).map(
    ({ file, line, rule }) => `${file}:${line} ${rule}`,
  );

describe('npm run scan -- --staged', () => {
  it('reads the staged version, not the one on disk', async () => {
    folder.write('a.js', leak());
    folder.write('b.js', 'fine\n');
    folder.git('add', '--all');
    folder.write('a.js', 'fine again\n');
    folder.write('b.js', leak());
    const { code, stdout } = await folder.scan(['--staged', '--json']);
    expect({ code, rows: rows(stdout) }).toEqual({ code: 2, rows: ['a.js:1 vendor-token'] });
  });

  it('reads changed files only, from any folder of the repository, and nothing when nothing is staged', async () => {
    folder.write('old.js', leak());
    folder.commit();
    folder.write('deep/new.js', leak('Anthropic key'));
    await expect(folder.scan(['--staged'])).resolves.toMatchObject({ code: 0 });
    folder.git('add', '--all');
    const { stdout } = await runCommand(
      'commands/scan/command.ts',
      ['--staged', '--json'],
      {},
      join(folder.path, 'deep'),
    );
    expect(rows(stdout)).toEqual(['deep/new.js:1 model-provider-key']);
  });

  it('takes exceptions only as they are staged', async () => {
    folder.write('a.js', leak());
    folder.git('add', '--all');
    const line = /reviewed exception: (.*)/.exec((await folder.scan(['--staged'])).stdout)?.[1] ?? '';
    folder.write(
      '.scan-exceptions',
      `${line.replace('YYYY-MM-DD', '2999-01-01').replace('REASON', 'reviewed by a person')}\n`,
    );
    await expect(folder.scan(['--staged'])).resolves.toMatchObject({ code: 2 });
    folder.git('add', '--all');
    await expect(folder.scan(['--staged'])).resolves.toMatchObject({ code: 0 });
  });
});

describe('npm run scan -- --range', () => {
  it('finds what was added and removed again within the range, with its commit', async () => {
    folder.write('a.js', 'fine\n');
    const first = folder.commit();
    folder.write('sub/a b.js', leak());
    const bad = folder.commit();
    folder.remove('sub/a b.js');
    const last = folder.commit();
    const { code, stdout } = await folder.scan(['--range', `${first}..${last}`]);
    expect(code).toBe(2);
    expect(stdout).toContain(`sub/a b.js:1:4 (commit ${bad.slice(0, 10)})`);
    await expect(folder.scan(['--range', `${bad}..${last}`])).resolves.toMatchObject({ code: 0 });
  });

  it('finds a secret in a commit’s message and in what only a merge brought', async () => {
    folder.write('a.js', 'fine\n');
    const first = folder.commit();
    folder.git('checkout', '--quiet', '-b', 'side');
    folder.write('b.js', 'side\n');
    folder.commit(`Use ${made('Slack bot token')}`);
    folder.git('checkout', '--quiet', 'main');
    folder.write('c.js', 'main\n');
    folder.commit();
    folder.git('merge', '--quiet', '--no-ff', '--no-commit', 'side');
    folder.write('b.js', leak('OpenAI project key'));
    folder.commit('Merge side');
    const { stdout } = await folder.scan(['--range', `${first}..HEAD`, '--json']);
    expect(rows(stdout).sort()).toEqual(['(commit message):1 slack-secret', 'b.js:1 model-provider-key']);
  });

  it('reads the very first commit too', async () => {
    folder.write('a.js', leak());
    folder.commit();
    folder.git('branch', 'start', folder.git('commit-tree', '-m', 'empty', folder.git('mktree', '--missing')));
    await expect(folder.scan(['--range', 'start..main'])).resolves.toMatchObject({ code: 2 });
  });
});

describe('npm run hooks', () => {
  const install = () => runCommand('commands/scan/hooks/command.ts', [], {}, folder.path);

  it('installs a hook that can be installed again, and that runs the scan of what is staged', async () => {
    await expect(install()).resolves.toMatchObject({ code: 0 });
    await expect(install()).resolves.toMatchObject({ code: 0 });
    const hook = readFileSync(join(folder.path, '.git/hooks/pre-commit'), 'utf8');
    expect(hook).toContain('launch/command.mjs commands/scan/command.ts --staged --no-vault');
    // The hook runs this project's launcher below the repository's root: stand in for both with links to the real ones.
    for (const shared of ['launch', 'node_modules'])
      spawnSync('ln', ['-s', join(process.cwd(), shared), join(folder.path, shared)]);
    folder.write('.gitignore', 'launch\nnode_modules\n');
    folder.write('a.js', leak());
    folder.git('add', '--all');
    const commit = () =>
      spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-m', 'x'], {
        cwd: folder.path,
        encoding: 'utf8',
      });
    const refused = commit();
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('a.js:1:4');
    expect(refused.stderr).toContain('Nothing was committed.\nTake it out (git restore --staged FILE)');
    folder.write('a.js', 'fine\n');
    folder.git('add', '--all');
    expect(commit().status).toBe(0);
  });

  it('keeps a hook of somebody else and says what to add to it', async () => {
    const file = join(folder.path, '.git/hooks/pre-commit');
    writeFileSync(file, '#!/bin/sh\nexit 0\n');
    const { code, stderr } = await install();
    expect(code).toBe(1);
    expect(stderr).toContain('--staged');
    expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
    expect(existsSync(file)).toBe(true);
  });
});
