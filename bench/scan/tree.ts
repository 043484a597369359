import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAlikes } from '../../test/detection/corpus/lookAlikes.ts';
import type { Random } from '../../test/detection/corpus/random.ts';

/** Folders of a hundred files, as a repository has them. */
const filesPerFolder = 100;
const fileSize = 4096;

/** Text that a repository could hold, of the given size: code, data and prose without a secret. */
function fill(random: Random, size: number): { readonly text: string; readonly extension: string } {
  const textual = lookAlikes.filter(({ file }) => !/\.(?:png|svg|map)$/.test(file));
  const first = textual[random.below(textual.length)];
  let text = '';
  while (text.length < size) text += `${textual[random.below(textual.length)]?.write(random) ?? ''}\n`;
  return { text: text.slice(0, size), extension: first?.file.split('.').at(-1) ?? 'txt' };
}

/** Writes a tree of files of 4 KB without a secret; every tool reads these same bytes. */
export function writeTree(folder: string, files: number, random: Random): void {
  for (let index = 0; index < files; index++) {
    const below = join(folder, `part${Math.floor(index / filesPerFolder)}`);
    if (index % filesPerFolder === 0) mkdirSync(below, { recursive: true });
    const { text, extension } = fill(random, fileSize);
    writeFileSync(join(below, `file${index}.${extension}`), text);
  }
}
