import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../machine/userCache.ts';

/**
 * A folder of the user's cache that `make` fills once a machine: complete, or not there under its name. Returns its path.
 * What `make` throws is thrown on, and nothing is left behind.
 */
export function kept(name: string, make: (draft: string) => void): string {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    make(draft);
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another run was first
  }
  return folder;
}

/** The last line that a failed command wrote, or that it is not installed. */
export function reasonOf(error: unknown, command: string): string {
  const { code, stderr } = error as { code?: string; stderr?: Buffer };
  if (code === 'ENOENT') return `${command} is not installed`;
  return stderr?.toString().trim().split('\n').at(-1) ?? String(error);
}
