import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { processes } from '../../engine/processes.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ending-'));
  for (const file of ['Pulumi.yaml', 'Pulumi.staging.yaml', 'package.json']) cpSync(file, join(root, file));
  for (const shared of ['node_modules', 'launch']) symlinkSync(join(process.cwd(), shared), join(root, shared));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A `pulumi` that starts a provider in a group of its own, and hangs; asked to stop it ends both, if it `listens`. */
function engine(listens: boolean): string {
  const folder = mkdtempSync(join(root, 'path-'));
  const file = join(folder, 'pulumi');
  const provider = `['-e', 'setInterval(() => 0, 1e3)'], {argv0: 'pulumi-resource-x', detached: true, stdio: 'ignore'}`;
  const text = `#!${process.execPath}
    const { appendFileSync } = require('node:fs');
    const child = require('node:child_process').spawn(process.execPath, ${provider});
    process.on('SIGINT', () => {
      appendFileSync('signals', 'SIGINT ');
      if (${String(listens)}) { child.kill(); process.exit(1); }
    });
    appendFileSync('pids', process.pid + ' ' + child.pid);
    setInterval(() => 0, 1e3);`;
  writeFileSync(join(folder, 'package.json'), '{}'); // what is beside it makes it no module
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return folder;
}

/** Starts a command that runs the engine, sends it the signals, and yields how it ended. */
async function ended(listens: boolean, signals: readonly NodeJS.Signals[], wholeGroup = false) {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'launch', 'command.mjs'), 'operations/recover.ts', '--dry-run'],
    {
      cwd: root,
      env: { ...process.env, PATH: `${engine(listens)}:${process.env.PATH ?? ''}` },
      detached: true,
      stdio: 'ignore',
    },
  );
  const close = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  while (!existsSync(join(root, 'pids'))) await sleep(20);
  for (const signal of signals) {
    process.kill(wholeGroup ? -(child.pid ?? 0) : (child.pid ?? 0), signal);
    while (!listens && !existsSync(join(root, 'signals'))) await sleep(20);
  }
  const how = await close;
  const pids = readFileSync(join(root, 'pids'), 'utf8').split(' ').map(Number);
  return {
    how,
    left: processes().filter(({ pid }) => pids.includes(pid)),
    received: existsSync(join(root, 'signals')) ? readFileSync(join(root, 'signals'), 'utf8') : '',
  };
}

describe('a command that is ended while the engine runs', () => {
  it.each([
    ['kill', 'SIGTERM', 143, false],
    ['Ctrl-C, which a terminal sends to the whole group', 'SIGINT', 130, true],
    ['a closed terminal', 'SIGHUP', 129, false],
  ] as const)(
    'by %s asks the engine once, and leaves nothing',
    async (_what, signal, code, wholeGroup) => {
      expect(await ended(true, [signal], wholeGroup)).toEqual({ how: code, left: [], received: 'SIGINT ' });
    },
    60_000,
  );

  it('twice ends what does not listen, with its providers', async () => {
    expect(await ended(false, ['SIGTERM', 'SIGTERM'])).toEqual({ how: 143, left: [], received: 'SIGINT ' });
  }, 60_000);
});
