import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskSources } from '../../files/disk.ts';
import { exceptionsFile } from '../../files/exceptions.ts';
import type { Piece, Source } from '../../files/source.ts';

/** A source whose content stays in memory: several policies read the same files. */
function kept(source: Source): Source {
  let pieces: Piece[] | undefined;
  return { ...source, read: () => (pieces ??= [...source.read()]) };
}

const cache = new Map<string, readonly Source[]>();

/** The files of the program's folder that git tracks or would commit, each read once. */
export function programFiles(folder: string): readonly Source[] {
  let sources = cache.get(folder);
  if (!sources) cache.set(folder, (sources = [...diskSources(folder)].map(kept)));
  return sources;
}

/** The reviewed exceptions of the program's folder. */
export function programExceptions(folder: string): string {
  const file = join(folder, exceptionsFile);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
