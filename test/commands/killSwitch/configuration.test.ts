import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commitCommand } from '../../../killSwitch/configuration.ts';

describe('the command that commits the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'commit-'));
  const git = (...args: string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  const write = (...path: string[]) => {
    const file = join(folder, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, 'config: {}\n');
    return file;
  };
  beforeAll(() => {
    git('init', '--quiet');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is none for a file that git does not track: the sandbox’s copy, or one outside a repository', () => {
    const copy = write('.sandbox', 'Pulumi.staging.yaml');
    expect(commitCommand(copy, 'why')).toBeUndefined();
    rmSync(join(folder, '.git'), { recursive: true });
    expect(commitCommand(copy, 'why')).toBeUndefined();
    git('init', '--quiet');
  });

  it('commits a tracked file, whatever its path is called', () => {
    const plain = write('Pulumi.staging.yaml');
    const odd = write("it’s o'clock $HOME", 'Pulumi.staging.yaml');
    git('add', '.');
    expect(commitCommand(plain, 'why')).toBe(`git commit -m "why" ${plain}`);
    const command = commitCommand(odd, 'why') ?? '';
    expect(spawnSync('sh', ['-c', command.replace('git commit -m', 'printf "%s|"')], { encoding: 'utf8' }).stdout).toBe(
      `why|${odd}|`,
    );
  });
});
