import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** How long a write waits for its line while other processes write theirs, in milliseconds: an emergency waits for no more. */
export const lockWaitMs = 250;
/** Nobody holds a lock for so long: a line takes milliseconds. */
const deadMs = 60_000;

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Runs `work` while no other process does the same for this file, on any machine that shares its folder. Waits for at most
 * `waitMs`; the lock of a process that was killed here is taken away, and any that is older than a minute. Throws where it
 * cannot be had.
 */
export function locked<Result>(file: string, work: () => Result, waitMs: number): Result {
  const lock = `${file}.lock`;
  // Not the process's number: in each container it may be the same, and a killed one's lock would become this one's file.
  const own = `${lock}.${randomUUID()}`;
  const mark = `${hostname()} ${process.pid}`;
  writeFileSync(own, mark, { mode: 0o600 });
  try {
    const until = Date.now() + waitMs;
    while (!taken(own, lock)) {
      if (isLeft(lock, own)) removeLeft(lock, own);
      else if (Date.now() >= until) throw new Error(`another process holds ${lock}; remove it if there is none`);
      else Atomics.wait(pause, 0, 0, 5);
    }
    try {
      return work();
    } finally {
      if (isSame(lock, own)) rmSync(lock, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link is made whole or not at all, and never over another one. */
function taken(own: string, lock: string): boolean {
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether it is this process's own: who was stopped for longer than a minute may have lost it. */
function isSame(lock: string, own: string): boolean {
  return statSync(lock, { throwIfNoEntry: false })?.ino === statSync(own).ino;
}

/**
 * Whether the process that made the lock ended without taking it away. Of another machine's only its age says so, by the
 * clock of the folder: `own` was made there just now.
 */
function isLeft(lock: string, own: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && statSync(own).mtimeMs - made > deadMs) return true;
  const [host, pid] = holderOf(lock);
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function holderOf(lock: string): [host: string | undefined, pid: number | undefined] {
  try {
    const [host, pid] = readFileSync(lock, 'utf8').split(' ');
    return [host, Number(pid)];
  } catch {
    return [undefined, undefined];
  }
}

/** Of several that want to remove it, one moves it away; what it then holds may be a new owner's, who gets it back. */
function removeLeft(lock: string, own: string): void {
  const aside = `${own}.left`;
  try {
    renameSync(lock, aside);
    if (!isLeft(aside, own)) taken(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
