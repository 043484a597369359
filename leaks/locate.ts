import { findSecrets } from '../detection/findSecrets.ts';
import type { Span } from '../detection/finding.ts';
import { positionsIn } from '../detection/text/position.ts';
import type { KnownValueFound } from '../detection/text/valueSearch.ts';
import { diskSources } from '../files/disk.ts';
import { gitLists } from '../files/git.ts';
import { everyMessage, sources } from '../files/history.ts';
import { safePath } from '../files/scanSources.ts';
import { vaultValue } from '../files/scanSource.ts';
import type { Source } from '../files/source.ts';
import { Secret } from '../secrets/secret.ts';
import type { Row } from './rows.ts';

/** Finds every known value of a text, also where several overlap. */
export type Find = (text: string) => readonly KnownValueFound[];

/** What stands where a scan has found something: known values by their names, or else what has the shape of a secret. */
export interface Located {
  readonly names: readonly string[];
  /** Only where it is no known value. */
  readonly token: Secret | undefined;
}

/**
 * Looks again where a scan has found something, in the folder that was scanned or in the first of `folders` that has it there.
 * `undefined` where it stands no more: the file was changed, or another folder was scanned.
 */
export function locate(row: Row, folders: readonly string[], find: Find): Located | undefined {
  for (const folder of row.folder === undefined ? folders : [row.folder]) {
    for (const source of sourcesOf(row, folder)) {
      const located = inPath(row, source, find) ?? inSource(row, source, find);
      if (located !== undefined) return located;
    }
  }
  return undefined;
}

function sourcesOf({ file, commit }: Row, folder: string): Iterable<Source> {
  if (commit === undefined) return onDisk(file, folder);
  if (file === '(commit message)') return [...everyMessage(folder)].filter((each) => each.commit === commit);
  // A list of every file at that commit, of which a masked name may be one.
  const tree = gitLists(folder, ['ls-tree', '-r', '-z', '--full-tree', commit]) ?? [];
  const versions = tree.flatMap((entry) => {
    const [about = '', path = ''] = entry.split('\t');
    const [, type, hash = ''] = about.split(' ');
    return type === 'blob' && isFile(path, file) ? [{ hash, file: path, commit }] : [];
  });
  return sources(folder, versions, { incomplete: true });
}

/** The files of that very path, then those below a folder that was scanned alone. */
function onDisk(file: string, folder: string): Source[] {
  const all = [...diskSources(folder)];
  const below = all.filter((source) => source.file.endsWith(`/${file}`));
  return [...all.filter((source) => isFile(source.file, file)), ...below];
}

/** A report masks what is secret in a file's name. */
function isFile(path: string, named: string): boolean {
  return path === named || (named.includes('****') && safePath(path) === named);
}

/** A value in the name of a file, which a report places at its beginning. */
function inPath({ line, column, rule }: Row, { file }: Source, find: Find): Located | undefined {
  const known = find(file);
  if (line !== 1 || column !== 1) return undefined;
  if (known.length > 0) return { names: namesOf(known), token: undefined };
  const [shape] = findSecrets(file, { only: 'shapes' }).filter((each) => each.rule === rule);
  return shape && { names: [], token: new Secret(file.slice(shape.start, shape.end)) };
}

function inSource(row: Row, source: Source, find: Find): Located | undefined {
  for (const piece of source.read()) {
    const { text, binary } = piece;
    const positions = positionsIn(text);
    const isHere = ({ start }: Span) => {
      if (binary) return row.line === 1 && row.column === 1;
      const { line, column } = positions(start);
      return piece.line + line === row.line && column === row.column;
    };
    const known = find(text);
    const shapes = findSecrets(text, { file: source.file }).filter(isHere);
    const certain = known.filter(isHere);
    const anchors: Span[] = row.rule === vaultValue ? certain : shapes.filter(({ rule }) => rule === row.rule);
    // A value that was in the vault when it was scanned may be there no more, and the other way round.
    const found = anchors.length > 0 ? anchors : [...certain, ...shapes];
    const [first] = found;
    if (first === undefined) continue;
    const names = namesOf(known.filter((span) => found.some((each) => overlap(span, each))));
    return { names, token: names.length > 0 ? undefined : new Secret(text.slice(first.start, first.end)) };
  }
  return undefined;
}

function overlap(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

function namesOf(known: readonly KnownValueFound[]): string[] {
  return [...new Set(known.map(({ name }) => name))];
}
