import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileKinds } from '../../test/detection/corpus/fileKinds.ts';
import { kinds } from '../../test/detection/corpus/kinds.ts';
import { lookAlikes } from '../../test/detection/corpus/lookAlikes.ts';
import type { Random } from '../../test/detection/corpus/random.ts';
import type { Tool } from './tools.ts';

/** What one tool found of the corpus. */
export interface Recall {
  readonly tool: string;
  /** Files with a secret that it found, of all. */
  readonly found: number;
  readonly of: number;
  /** Kinds that it found in every kind of file. */
  readonly wholeKinds: number;
  readonly missedKinds: readonly string[];
  readonly falseAlarms: readonly string[];
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  // One character a byte, so that images are images.
  writeFileSync(join(folder, file), text, file.endsWith('.png') ? 'latin1' : 'utf8');
}

const secretPath = (kind: number, fileKind: number) =>
  `secrets/kind${kind}/in${fileKind}/${fileKinds[fileKind]?.file ?? ''}`;
const harmlessPath = (index: number) => `harmless/${index}/${lookAlikes[index]?.file ?? ''}`;

/** Writes every kind of secret into every kind of file, and every look-alike. */
export function writeCorpus(folder: string, random: Random): void {
  kinds.forEach((kind, k) => {
    fileKinds.forEach((fileKind, f) =>
      write(folder, secretPath(k, f), fileKind.write(kind.variable, kind.make(random))),
    );
  });
  lookAlikes.forEach((lookAlike, index) => write(folder, harmlessPath(index), lookAlike.write(random)));
}

/** Runs a tool over the corpus and compares what it found with what is there. */
export function recall(tool: Tool, folder: string): Recall {
  const files = new Set(tool.scan(folder).places.map(({ file }) => file));
  const perKind = kinds.map(({ name }, k) => ({
    name,
    found: fileKinds.filter((_, f) => files.has(secretPath(k, f))).length,
  }));
  return {
    tool: tool.name,
    found: perKind.reduce((sum, { found }) => sum + found, 0),
    of: kinds.length * fileKinds.length,
    wholeKinds: perKind.filter(({ found }) => found === fileKinds.length).length,
    missedKinds: perKind
      .filter(({ found }) => found < fileKinds.length)
      .map(({ name, found }) => `${name} (${found}/${fileKinds.length})`),
    falseAlarms: lookAlikes.filter((_, index) => files.has(harmlessPath(index))).map(({ name }) => name),
  };
}
