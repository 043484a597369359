import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runCommand } from './support/command.ts';

const runner = (...args: string[]) =>
  runCommand('test/run.ts', args, { STAGING_TOOLCHAIN: process.env.STAGING_TOOLCHAIN ?? 'auto' });

describe('npm test', () => {
  it.each(['-h', '--help'])('explains itself with %s', async (flag) => {
    expect(await runner(flag)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('npm test -- [JEST-OPTIONS]'),
    });
  });

  it('runs every test file, each in one of its projects', () => {
    const listed = spawnSync('node', ['node_modules/jest/bin/jest.js', '--listTests', '--json'], { encoding: 'utf8' });
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.test.ts'),
    );
    const all = (JSON.parse(listed.stdout) as string[]).map((file) => relative(resolve('test'), file));
    expect(all.sort()).toEqual(files.sort());
  }, 60_000);

  it('passes on what jest says of an option that it does not know', async () => {
    const { code, stdout, stderr } = await runner('--frobnicate');
    expect(stderr).toContain('Unrecognized option "frobnicate"');
    expect(stderr).toContain('The tests could not run: jest ended with 1 before any test ran');
    expect(code).toBe(1);
    expect(stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
  }, 60_000);
});
