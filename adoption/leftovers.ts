import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runs } from '../machine/runs.ts';

/** Where adoption keeps its throw-away state: in memory where the system has a memory file system. */
export function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** What adoptions of this user left that were killed before they could take it away. */
export function leftovers(memory = memoryFolder()): string[] {
  return readdirSync(memory)
    .filter((name) => {
      const pid = Number(/^adopt-(\d+)-/.exec(name)?.[1]);
      return Number.isInteger(pid) && !runs(pid);
    })
    .map((name) => join(memory, name))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.());
}

/** Takes it away, and yields what it was. */
export function removeLeftovers(memory = memoryFolder()): string[] {
  const found = leftovers(memory);
  for (const folder of found) rmSync(folder, { recursive: true, force: true });
  return found;
}
