import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { leftEngines, stopEngines } from '../../engine/leftEngines.ts';
import { ofPsLine, processes, treeOf } from '../../engine/processes.ts';
import { engineLines } from '../../commands/recover/providers.ts';
import { copyFixture } from '../support/fixture.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ending-'));
  copyFixture(root, 'package.json');
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

/** Whom a signal is sent to. */
type Target = 'the command' | 'its whole group' | 'npm';

/** Starts a command that runs the engine, sends the signals, and yields how it ended and which of its processes are left. */
async function ended(listens: boolean, signals: readonly NodeJS.Signals[], target: Target = 'the command') {
  const launcher = [join(process.cwd(), 'launch', 'command.mjs'), 'commands/recover/command.ts', '--dry-run'];
  const [program, args] =
    target === 'npm' ? ['npm', ['run', 'recover', '--', '--dry-run']] : [process.execPath, launcher];
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PATH: `${engine(listens)}:${process.env.PATH ?? ''}` },
    detached: true,
    stdio: 'ignore',
  });
  const close = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  const pids = await begun();
  const { pid = 0 } = child;
  const all = [...new Set([...treeOf(pid), ...pids])];
  for (const [index, signal] of signals.entries()) {
    if (index > 0) await sleep(400); // sooner, both would be one request
    process.kill(target === 'its whole group' ? -pid : pid, signal);
  }
  const how = await close;
  const left = () => processes().filter((each) => all.includes(each.pid));
  for (const until = Date.now() + 20_000; left().length > 0 && Date.now() < until;) await sleep(50);
  return {
    how,
    left: left(),
    received: existsSync(join(root, 'signals')) ? readFileSync(join(root, 'signals'), 'utf8') : '',
  };
}

/** The engine and its provider, once they run. */
async function begun(): Promise<number[]> {
  while (!existsSync(join(root, 'pids'))) await sleep(20);
  return readFileSync(join(root, 'pids'), 'utf8').split(' ').map(Number);
}

describe('a command that is ended while the engine runs', () => {
  it.each([
    ['kill', 'SIGTERM', 143, 'the command'],
    ['Ctrl-C, which a terminal sends to the whole group', 'SIGINT', 130, 'its whole group'],
    ['a closed terminal', 'SIGHUP', 129, 'the command'],
    ['a closed terminal, which ends the whole group', 'SIGHUP', 129, 'its whole group'],
    ['a kill of its whole group', 'SIGTERM', 143, 'its whole group'],
  ] as const)(
    'by %s asks the engine once, and leaves nothing',
    async (_what, signal, code, target) => {
      expect(await ended(true, [signal], target)).toEqual({ how: code, left: [], received: 'SIGINT ' });
    },
    60_000,
  );

  it.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'by the %s of the npm that launched it asks the engine once, and leaves nothing',
    async (signal) => {
      expect(await ended(true, [signal], 'npm')).toMatchObject({ left: [], received: 'SIGINT ' });
    },
    60_000,
  );

  it('twice ends what does not listen, with its providers', async () => {
    expect(await ended(false, ['SIGTERM', 'SIGTERM'])).toEqual({ how: 143, left: [], received: 'SIGINT ' });
  }, 60_000);
});

describe('an engine whose command was killed', () => {
  it('is found by its folder and its stack, and stops with its providers when it is asked to', async () => {
    // The command itself ends at once: the engine goes on without it.
    const call = JSON.stringify([join(engine(true), 'pulumi'), '--stack', 'staging']);
    const options = "{ argv0: 'pulumi', detached: true, stdio: 'ignore' }";
    const command = `require('node:child_process').spawn(process.execPath, ${call}, ${options}).unref()`;
    spawn(process.execPath, ['-e', command], { cwd: root, stdio: 'ignore' });
    const [pid = 0, provider = 0] = await begun();
    const found = () => leftEngines({ root, stack: 'staging' });
    while (found().length === 0) await sleep(20);
    expect(found()).toMatchObject([{ pid, belongs: 'this' }]);
    expect(engineLines(found())).toEqual([expect.stringContaining(`process ${pid} (pulumi `)]);
    expect(leftEngines({ root, stack: 'another' })).toEqual([]);
    expect(leftEngines({ root: tmpdir(), stack: 'staging' })).toEqual([]);
    await stopEngines(found());
    expect(processes().filter((each) => [pid, provider].includes(each.pid))).toEqual([]);
  }, 60_000);

  const user = process.getuid?.() ?? 0;
  const by = (...lines: string[]) => leftEngines({ root, stack: 'staging' }, lines.flatMap(ofPsLine));

  it('is left to a person where the machine names no folder', () => {
    const found = by(`7 1 7 ${user} /usr/bin/pulumi up`, `8 1 8 ${user + 1} /usr/bin/pulumi up`);
    expect(found).toEqual([{ pid: 7, does: 'up', belongs: 'unknown' }]);
    expect(engineLines(found)).toEqual([expect.stringContaining('Refused: process 7')]);
  });

  it('is none while its shell runs, or while it is the only one that a container shows', () => {
    expect(by(`6 1 6 ${user} bash`, `7 6 7 ${user} pulumi up`, `8 0 8 ${user} pulumi up`)).toEqual([]);
  });
});
