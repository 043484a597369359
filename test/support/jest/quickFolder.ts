import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Linux's folder in memory. */
const memory = '/dev/shm';

/** What a whole run of the tests may need there, in bytes: several times what it was seen to need. */
const needed = 4 * 1024 ** 3;

/**
 * Where tests make their files: in memory where there is room and programs may run, because much of what is tested waits for
 * the disk after each line that it writes. Otherwise, and where TMPDIR says another one, the folder for temporary files.
 */
export function quickFolder(): string {
  if (process.env.TMPDIR !== undefined) return tmpdir();
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    const [, options = 'noexec'] =
      new RegExp(`^\\S+ ${memory} \\S+ (\\S+)`, 'm').exec(readFileSync('/proc/mounts', 'utf8')) ?? [];
    return bavail * bsize >= needed && !options.split(',').includes('noexec') ? memory : tmpdir();
  } catch {
    return tmpdir(); // another system
  }
}
