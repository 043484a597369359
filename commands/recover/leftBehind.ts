import { leftovers, memoryFolder, removeLeftovers } from '../../adoption/leftovers.ts';

/** Removes what killed adoptions left, unless this only looks, and yields what to say about it: nothing where none did. */
export function leftBehind(dryRun: boolean, memory = memoryFolder()): string {
  const folders = dryRun ? leftovers(memory) : removeLeftovers(memory);
  const told = dryRun ? 'Would remove' : 'Removed';
  return folders.map((folder) => `${told} ${folder}: a killed adoption left values in the clear there.\n`).join('');
}
