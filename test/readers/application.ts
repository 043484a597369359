import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readersOf } from '../../readers/readersOf.ts';
import type { Reader, Readers } from '../../readers/readers.ts';

/** What is read in a made-up application of these files, by their paths. */
export async function readersIn(files: Readonly<Record<string, string>>): Promise<Readers> {
  const folder = mkdtempSync(join(tmpdir(), 'readers-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return await readersOf(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each reader as `NAME place file:line`, with what stands in for it. */
export function told(readers: readonly Reader[]): string[] {
  return readers
    .map(({ name, place, file, line, fallback, aliases }) =>
      [name, place, `${file}:${line}`, fallback ?? '', aliases?.join('|') ?? ''].join(' ').trim(),
    )
    .sort();
}

/** The names that one script reads; `?` is one that its text does not say. */
export async function namesIn(code: string, file = 'scripts/a.ts'): Promise<string[]> {
  const { readers, unknown } = await readersIn({ [file]: code });
  return [...readers.map(({ name }) => name), ...unknown.map(({ whole }) => (whole ? '*' : '?'))].sort();
}
