import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { git, gitLists } from './git.ts';
import { headBytes, isPacked, unreadableKind } from './archives.ts';
import { nothing, piecesOf, windowBytes, windowed } from './pieces.ts';
import type { Piece, Source } from './source.ts';

/** Archives up to this size, in bytes, are unpacked. */
const archiveLimit = 256 * 1024 * 1024;

function* readFromDisk(path: string): Generator<Piece> {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) yield { text: readlinkSync(path), line: 0, binary: false };
  else if (!stat.isFile()) return;
  else if (stat.size <= windowBytes) yield* piecesOf(readFileSync(path));
  else yield* readLarge(path, stat.size);
}

function* readLarge(path: string, size: number): Generator<Piece> {
  const handle = openSync(path, 'r');
  const read = (from: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(handle, bytes, 0, length, from));
  };
  try {
    const head = read(0, headBytes);
    const packed = isPacked(head);
    if (packed && size <= archiveLimit) {
      yield* piecesOf(read(0, size));
      return;
    }
    yield* windowed(read, size);
    const kind = unreadableKind(head);
    if (packed) yield nothing(`as an archive it is larger than ${archiveLimit / 1024 / 1024} MiB`);
    else if (kind !== undefined) yield nothing(`it is packed by ${kind}`);
  } finally {
    closeSync(handle);
  }
}

function* walk(folder: string, below = ''): Generator<string> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) yield path;
    else if (entry.name !== '.git' && entry.name !== 'node_modules') yield* walk(folder, path);
  }
}

/** The files of a folder that git tracks or would commit; every file where git has no say (no repository, a folder it ignores or does not know). */
function filesOf(folder: string): Iterable<string> {
  const known = gitLists(folder, ['ls-files', '-z', '--cached', '--deduplicate']);
  if (known === undefined || known.length === 0) return walk(folder);
  return [...known, ...git(folder, ['ls-files', '-z', '--others', '--exclude-standard']).split('\0').filter(Boolean)];
}

/** Everything below `folder` as it is on disk, or the one file that `folder` is. */
export function* diskSources(folder: string): Generator<Source> {
  for (const file of filesOf(folder)) {
    const path = join(folder, file);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) continue; // tracked, but deleted
    if (stat.isDirectory()) {
      // A repository inside this one (a submodule, a checkout that git does not look into).
      for (const inner of diskSources(path)) yield { ...inner, file: `${file.replace(/\/$/, '')}/${inner.file}` };
    } else {
      yield { file, read: () => readFromDisk(path) };
    }
  }
}

/** One file on disk. */
export function fileSource(path: string, file: string): Source {
  return { file, read: () => readFromDisk(path) };
}
