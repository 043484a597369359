import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Runs `work` while no other process does the same for this file, on any machine that shares its folder. Waits for at most
 * `waitMs`; the lock of a process that was killed here is taken away. Throws where it cannot be had.
 */
export function locked<Result>(file: string, work: () => Result, waitMs = 5_000): Result {
  const lock = `${file}.lock`;
  const own = `${lock}.${process.pid}`;
  const mark = `${hostname()} ${process.pid}`;
  writeFileSync(own, mark, { mode: 0o600 });
  try {
    const until = Date.now() + waitMs;
    while (!taken(own, lock)) {
      if (isLeft(lock)) removeLeft(lock, own);
      else if (Date.now() > until) throw new Error(`another process holds ${lock}; remove it if there is none`);
      else Atomics.wait(pause, 0, 0, 10);
    }
    try {
      return work();
    } finally {
      rmSync(lock, { force: true });
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

/** Whether the process that made the lock ended without taking it away. Of another machine's nobody knows. */
function isLeft(lock: string): boolean {
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
    if (!isLeft(aside)) taken(aside, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
