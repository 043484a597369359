import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { withLock } from '../../machine/lock.ts';
import { Store } from '../../toolchain/cache/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolchain-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const key = 'source-0123456789abcdef';
const quick = { waiting: () => undefined, interval: 20 };

it('a run killed half way leaves nothing that the next one trips over', async () => {
  const bundle = join(folder, 'store.cjs');
  buildSync({
    entryPoints: ['toolchain/cache/store.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  const cache = join(folder, 'cache');
  const script = `
    const { Store } = require(${JSON.stringify(bundle)});
    new Store(${JSON.stringify(cache)}).ensure('${key}', { waiting() {} }, async (draft) => {
      require('node:fs').writeFileSync(draft + '/half', 'x');
      console.log('half way');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(join(cache, `${key}.lock`))).toBe(true);

  const made = await new Store(cache).ensure(key, quick, (draft) => {
    writeFileSync(join(draft, 'whole'), 'x');
    return Promise.resolve();
  });
  expect(readdirSync(made).sort()).toEqual(['complete.json', 'whole']);
  expect(readdirSync(cache)).toEqual([key]);
});

it('a lock of a dead process, of a process whose id was given anew, or a damaged one blocks nobody', async () => {
  const dead = spawnSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))'], { encoding: 'utf8' });
  const file = join(folder, 'lock');
  for (const owner of [
    JSON.stringify({ pid: Number(dead.stdout), host: hostname(), started: '1' }),
    JSON.stringify({ pid: process.pid, host: hostname(), started: 'long ago' }),
    '{"pid":',
    '',
  ]) {
    writeFileSync(file, owner);
    expect(await withLock(file, quick, () => Promise.resolve('done'))).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('a lock of a living process is waited for', async () => {
  const file = join(folder, 'lock');
  const order: string[] = [];
  const first = withLock(file, quick, async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    order.push('first');
  });
  const waited: number[] = [];
  await withLock(file, { waiting: (pid) => waited.push(pid), interval: 20 }, () => {
    order.push('second');
    return Promise.resolve();
  });
  await first;
  expect(order).toEqual(['first', 'second']);
  expect(waited[0]).toBe(process.pid);
});

it('a lock of another machine is never taken away', async () => {
  const file = join(folder, 'lock');
  writeFileSync(file, JSON.stringify({ pid: 1, host: 'another-machine', started: '1' }));
  const waits: number[] = [];
  const attempt = withLock(
    file,
    {
      interval: 10,
      waiting: (pid) => {
        waits.push(pid);
        if (waits.length === 3) rmSync(file); // the other machine is done
      },
    },
    () => Promise.resolve(readFileSync(file, 'utf8')),
  );
  expect(JSON.parse(await attempt)).toMatchObject({ pid: process.pid });
  expect(waits).toEqual([1, 1, 1]);
});

it('a lock is released when the work fails', async () => {
  const file = join(folder, 'lock');
  await expect(withLock(file, quick, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(file)).toBe(false);
});
