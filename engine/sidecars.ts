import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Beside each file of a folder backend lies one with this ending: its content type and a checksum. Pulumi replaces the
 * file itself in one step but not this one, and cannot read the file when a kill has cut this one short (`failed to load
 * checkpoint: EOF`). It does without.
 */
export const sidecar = '.attrs';

/** The sidecars of a folder backend that a kill has cut short. Call it only while no stack is being updated. */
export function brokenSidecars(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(join(folder, '.pulumi'), { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(sidecar))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !isWhole(file));
}

/** Takes broken sidecars away: the files themselves are whole. */
export function removeSidecars(files: readonly string[]): void {
  for (const file of files) rmSync(file, { force: true });
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch (error) {
    return !(error instanceof SyntaxError); // gone meanwhile, or not ours to read: Pulumi will say so
  }
}
