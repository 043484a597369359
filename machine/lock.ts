import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostname } from 'node:os';
import { runs } from './runs.ts';

/** Who holds a lock. `started` distinguishes a process from a later one with the same id. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
}

export interface LockOptions {
  /** Called about once a second while another process holds the lock. */
  readonly waiting: (pid: number, seconds: number) => void;
  /** How often to check, in milliseconds. */
  readonly interval?: number;
}

/** Runs `work` while holding the lock `file`. A lock whose owner is dead is taken over: a killed run blocks no other. */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const begin = Date.now();
  while (!tryLock(file)) {
    const owner = readOwner(file);
    if (owner !== undefined && !isAlive(owner)) {
      removeDead(file, owner);
      continue;
    }
    options.waiting(owner?.pid ?? 0, Math.round((Date.now() - begin) / 1000));
    await sleep(options.interval ?? 1000);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whether a process took the lock and ended without letting go of it: it was killed, or broke. */
export function heldByDead(file: string): boolean {
  const owner = readOwner(file);
  return owner !== undefined && !isAlive(owner);
}

/** Links a finished file into place: the lock appears with its content in one step, or not at all. */
function tryLock(file: string): boolean {
  const self: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const draft = `${file}.${process.pid}.draft`;
  writeFileSync(draft, JSON.stringify(self));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The owner; undefined when the lock has just gone; no one when the file is damaged, so that it does not block. */
function readOwner(file: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return { pid: 0, host: hostname(), started: 'never' };
  }
}

/** Whether the owner still runs. Of another machine (a shared home) nothing can be known, so it counts as alive. */
function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  return owner.pid > 0 && runs(owner.pid) && owner.started === startOf(owner.pid);
}

/** When a process was started, by Linux's own clock; empty where the platform does not say, or it is a zombie. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}

/** Moves the dead owner's lock away. Two runs may try at once: the one that loses the rename, or finds a new owner, waits on. */
function removeDead(file: string, dead: Owner): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readOwner(aside);
  if (moved?.pid === dead.pid && moved.started === dead.started) {
    rmSync(aside, { force: true });
    return;
  }
  // It had changed hands between the check and the rename: give it back.
  renameSync(aside, file);
}
