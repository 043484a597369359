import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { boot, isAlive, readHolder, readOwner, startOf, type Holder, type Owner } from './lockOwner.ts';

export interface LockOptions {
  /** Called about once a second while another process holds the lock. */
  readonly waiting: (pid: number, seconds: number, holder: Holder | undefined) => void;
  /** How often to check, in milliseconds. */
  readonly interval?: number;
  /**
   * For a lock in a folder that other machines share: who holds it gives a sign of life ten times in so many milliseconds, and
   * another machine's process that has given none for so long counts as dead. Without it, it counts as alive for ever.
   */
  readonly silenceMs?: number;
}

/**
 * Runs `work` while holding the lock `file`. A lock whose owner is dead is taken over: a killed run blocks no other. `isHeld` says
 * whether it still is this process's: one that was stopped for longer than `silenceMs` may have lost it.
 */
export async function withLock<T>(
  file: string,
  options: LockOptions,
  work: (isHeld: () => boolean) => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const { silenceMs } = options;
  const self = { pid: process.pid, host: hostname(), started: startOf(process.pid), boot: boot(), id: randomUUID() };
  const begin = Date.now();
  for (;;) {
    const { isTaken, now } = tryLock(file, self);
    if (isTaken) break;
    const holder = readHolder(file, now);
    if (holder !== undefined && !isAlive(holder, silenceMs)) {
      removeDead(file, holder, now, silenceMs);
      continue;
    }
    options.waiting(holder?.pid ?? 0, Math.round((Date.now() - begin) / 1000), holder);
    await sleep(options.interval ?? 1000);
  }
  const isHeld = () => readOwner(file)?.id === self.id;
  const stop = silenceMs === undefined ? () => undefined : keepAlive(file, silenceMs);
  try {
    return await work(isHeld);
  } finally {
    stop();
    if (isHeld()) rmSync(file, { force: true });
  }
}

/** Whether a process took the lock and ended without letting go of it: it was killed, or broke. */
export function heldByDead(file: string): boolean {
  const owner = readOwner(file);
  return owner !== undefined && !isAlive({ ...owner, silentMs: 0 }, undefined);
}

/**
 * Links a finished file into place: the lock appears with its content in one step, or not at all. `now` is the time by the
 * folder's own clock, in milliseconds: that of another machine may differ.
 */
function tryLock(file: string, self: Owner): { readonly isTaken: boolean; readonly now: number } {
  // Not the process's number: on another machine it may be the same.
  const draft = `${file}.${randomUUID()}.draft`;
  writeFileSync(draft, JSON.stringify({ ...self, since: new Date().toISOString() }));
  try {
    const now = statSync(draft).mtimeMs;
    try {
      linkSync(draft, file);
      return { isTaken: true, now };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { isTaken: false, now };
      throw error;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes the lock anew, as it is, from time to time; whoever takes it away has another file, which stays untouched. */
function keepAlive(file: string, silenceMs: number): () => void {
  const handle = openSync(file, 'r+');
  const content = readFileSync(handle);
  const timer = setInterval(() => {
    try {
      writeSync(handle, content, 0, content.length, 0);
    } catch {
      // The folder is away. Once the lock is lost, `isHeld` says so.
    }
  }, silenceMs / 10).unref();
  return () => {
    clearInterval(timer);
    closeSync(handle);
  };
}

/**
 * Moves the dead owner's lock away. Two runs may try at once: the one that loses the rename waits on, and who moved away a new
 * owner's, or one that gave a sign of life meanwhile, gives it back.
 */
function removeDead(file: string, dead: Holder, now: number, silenceMs: number | undefined): void {
  const aside = `${file}.${randomUUID()}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    const moved = readHolder(aside, now);
    const isSame = moved?.id === dead.id && moved?.pid === dead.pid && moved.started === dead.started;
    if (!isSame || isAlive(moved, silenceMs)) linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
