import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runs } from '../../machine/runs.ts';
import { numberOf } from '../../cli/numbers.ts';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { heldByDead, withLock } from '../../machine/lock.ts';
import { currentBuild } from '../stack/build.ts';
import { callerEnvironment } from './callerEnvironment.ts';
import { connect, type Control } from '../standIns/control/client.ts';
import { type Endpoints, readEndpoints } from './endpoints.ts';
import { sandboxPaths } from './paths.ts';

/** The daemon, running. */
export interface Background {
  readonly control: Control;
  readonly pid: number;
  readonly endpoints: Endpoints;
}

const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/** The daemon of `dir`, started when none runs there, and started anew when it runs older code than this. */
export async function ensureRunning(dir: string): Promise<Background> {
  const running = await connect(dir);
  if (running?.build === currentBuild()) return background(dir, running);
  if (running) await stop(dir);
  mkdirSync(dir, { recursive: true });
  if (!running && heldByDead(sandboxPaths(dir).lock)) {
    process.stderr.write(
      `The sandbox had died and is started again, with all that it had written. Why: ${sandboxPaths(dir).daemonLog}\n`,
    );
  }
  let daemon = spawnDaemon(dir);
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const started = await connect(dir);
    if (started) return background(dir, started);
    if (daemon.exitCode !== null && daemon.exitCode !== 0) break;
    // Code 0: another process held the folder. Either it is about to answer, or it was just ending.
    if (daemon.exitCode === 0) daemon = spawnDaemon(dir);
    await sleep(50);
  }
  const holder = await holderOf(dir);
  const why = holder === undefined ? lastLines(dir) : `Process ${holder} holds ${dir} and does not answer.`;
  throw new Error(`The sandbox did not start. ${why}\nStop it and try again: npm run sandbox -- stop`);
}

/** Stops the daemon: politely, by a signal when it does not answer. False when none was running. */
export async function stop(dir: string): Promise<boolean> {
  const running = await connect(dir);
  const pid = running?.pid ?? (await holderOf(dir));
  if (pid === undefined) return false;
  if (running) await running.control.shutdown();
  else process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + stopLimitMs;
  // It lets go of the lock last. Its id may stay in the process table for a while after that.
  const serves = () => existsSync(sandboxPaths(dir).lock) && runs(pid);
  while (serves() && Date.now() < deadline) await sleep(20);
  if (serves()) process.kill(pid, 'SIGKILL');
  return true;
}

/** The process that holds the folder; `undefined` when it is free, or when its holder is dead. */
async function holderOf(dir: string): Promise<number | undefined> {
  let holder: number | undefined;
  const waiting = (pid: number) => {
    holder = pid;
    throw new Error('held');
  };
  await withLock(sandboxPaths(dir).lock, { waiting }, () => Promise.resolve()).catch(() => undefined);
  return holder === 0 ? undefined : holder;
}

function background(dir: string, { control, pid }: { control: Control; pid: number }): Background {
  const endpoints = readEndpoints(dir);
  if (!endpoints) throw new Error(`${sandboxPaths(dir).endpoints} is gone. Stop the sandbox: npm run sandbox -- stop`);
  return { control, pid, endpoints: endpoints.services };
}

function spawnDaemon(dir: string) {
  const root = projectRoot();
  const log = openSync(sandboxPaths(dir).daemonLog, 'a', 0o600);
  const idle = process.env.STAGING_SANDBOX_IDLE_MINUTES;
  if (idle !== undefined) numberOf('STAGING_SANDBOX_IDLE_MINUTES', idle, { unit: 'minutes', most: 30_000 });
  const args = ['--dir', dir, ...(idle === undefined ? [] : ['--idleMinutes', idle])];
  const daemon = spawn(process.execPath, [join(root, 'launch', 'command.mjs'), 'sandbox/daemon.ts', ...args], {
    cwd: root,
    env: callerEnvironment(),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  daemon.unref();
  return daemon;
}

function lastLines(dir: string): string {
  const lines = readFileSync(sandboxPaths(dir).daemonLog, 'utf8').trimEnd().split('\n');
  return ['It said:', ...lines.slice(-10)].join('\n');
}
