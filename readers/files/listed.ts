import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitLists } from '../../files/git.ts';

/** No source that a person writes is larger, in bytes: a larger file is a bundle or data. */
const largest = 4 * 1024 * 1024;

/** Folders that hold what was installed or made. */
const skipped = new Set(['.git', 'node_modules', '.netlify', '.next', '.turbo', '.vite', 'coverage', 'vendor']);

/** Folders beside a package.json that hold what a build made. */
const outputs = new Set(['dist', 'out', 'build', 'dist-ssr']);

/** The application's files as they are on disk. */
export interface Files {
  /** Relative paths with `/`, sorted. */
  readonly all: readonly string[];
  has(file: string): boolean;
  /** A file's text; `undefined` where it is binary, too large, a link, or gone. */
  text(file: string): string | undefined;
}

/**
 * The files of a folder that its people wrote: what git tracks or would commit, everything where git has no say. What was
 * installed or built is left out, even where git tracks it. Links are not followed.
 */
export function listedFiles(root: string): Files {
  const known = gitLists(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']);
  const listed = (known === undefined || known.length === 0 ? [...walk(root)] : known).filter(
    (file) => !file.split('/').some((part) => skipped.has(part)),
  );
  const packages = listed
    .filter((file) => file === 'package.json' || file.endsWith('/package.json'))
    .map((file) => file.slice(0, -'package.json'.length));
  const built = packages.flatMap((folder) => [...outputs].map((output) => `${folder}${output}/`));
  const all = listed.filter((file) => !built.some((folder) => file.startsWith(folder))).sort();
  const set = new Set(all);
  return {
    all,
    has: (file) => set.has(file),
    text: (file) => textOf(join(root, file)),
  };
}

function* walk(folder: string, below = ''): Generator<string> {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) yield path;
    else if (!skipped.has(entry.name)) yield* walk(folder, path);
  }
}

function textOf(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > largest) return undefined;
  const text = readFileSync(path, 'utf8');
  return text.includes('\0') ? undefined : text;
}
