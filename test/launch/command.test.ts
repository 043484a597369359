import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runs } from '../../machine/runs.ts';

// launch/command.mjs in a clone whose npm is a script: it notes each call, and installs after a moment.
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'launch-'));
  for (const folder of ['launch', 'bin', 'dist']) mkdirSync(join(clone, folder));
  for (const file of ['command.mjs', 'childEnvironment.mjs']) {
    copyFileSync(join('launch', file), join(clone, 'launch', file));
  }
  writeFileSync(join(clone, 'launch', 'bundle.cjs'), "exports.bundle = () => require.resolve('./entry.cjs');\n");
  writeFileSync(join(clone, 'launch', 'entry.cjs'), "process.stdout.write('ran\\n'.repeat(20_000));\n");
  writeFileSync(join(clone, 'entry.ts'), '');
  writeFileSync(join(clone, 'package-lock.json'), '{}');
  const npm = `#!/bin/sh
echo "$*" >> '${clone}/calls'
env > '${clone}/environment'
echo $$ > '${clone}/npm'
if [ -e '${clone}/hangs' ]; then exec sleep 60; fi
sleep 0.3
if [ -e '${clone}/fails' ]; then exit 3; fi
mkdir -p '${clone}/node_modules' && echo > '${clone}/node_modules/.package-lock.json'
`;
  writeFileSync(join(clone, 'bin', 'npm'), npm, { mode: 0o755 });
});
afterEach(() => rmSync(clone, { recursive: true }));

/** Runs the command to its end; `reads` is how much of its output somebody wants. */
function run(reads = Infinity, more = {}): Promise<{ code: number | null; output: string; errors: string }> {
  const env = { PATH: `${join(clone, 'bin')}:${process.env.PATH ?? ''}`, ...more };
  const child = spawn(process.execPath, [join(clone, 'launch', 'command.mjs'), 'entry.ts'], { env });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.length > reads) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
}

/** What npm was asked for, in order. */
const calls = () =>
  readFileSync(join(clone, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);

describe('the start of a command', () => {
  it('installs the packages once, of two at once on a fresh clone too, and then no more', async () => {
    const both = await Promise.all([run(), run()]);
    expect(both.map(({ code, output }) => [code, output.startsWith('ran\n')])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(calls()).toEqual(['ci', 'rebuild']);
    expect((await run()).errors).toBe('');
    expect(calls()).toEqual(['ci', 'rebuild']);
  });

  it('installs without a token, and runs no script of a package', async () => {
    const canary = randomUUID();
    await run(Infinity, { GITHUB_TOKEN: canary, npm_config_cache: '/a/cache' });
    expect(readFileSync(join(clone, 'calls'), 'utf8')).toContain('ci --ignore-scripts');
    const environment = readFileSync(join(clone, 'environment'), 'utf8');
    expect(environment).toContain('npm_config_cache=/a/cache');
    expect(environment).not.toContain(canary);
  });

  it('goes on after an installation that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(clone, 'dist', 'install.lock'), String(pid));
    expect((await run()).code).toBe(0);
    expect(existsSync(join(clone, 'dist', 'install.lock'))).toBe(false);
  });

  it('ends the installation with itself, and holds no lock any more', async () => {
    writeFileSync(join(clone, 'hangs'), '');
    const env = { PATH: `${join(clone, 'bin')}:${process.env.PATH ?? ''}` };
    const child = spawn(process.execPath, [join(clone, 'launch', 'command.mjs'), 'entry.ts'], { env });
    const closed = new Promise((resolve) => child.once('close', resolve));
    while (!existsSync(join(clone, 'npm'))) await sleep(20);
    child.kill('SIGTERM');
    await closed;
    expect(runs(Number(readFileSync(join(clone, 'npm'), 'utf8')))).toBe(false);
    expect(existsSync(join(clone, 'dist', 'install.lock'))).toBe(false);
  });

  it('ends with what to do when npm fails, and tries again the next time', async () => {
    writeFileSync(join(clone, 'fails'), '');
    const { code, output, errors } = await run();
    expect([code, output]).toEqual([1, '']);
    expect(errors).toContain('npm ci failed (exit 3). Run it by hand to see why: npm ci');
    rmSync(join(clone, 'fails'));
    expect((await run()).code).toBe(0);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { errors } = await run(10);
    expect(errors.replace(/^Installing packages.*\n/, '')).toBe('');
  });
});
