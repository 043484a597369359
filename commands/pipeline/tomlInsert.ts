import { indentAt, lineEnd, lineEndOf, lineStart, type Insertion } from './insertion.ts';
import { startsWith, type Entry, type Path, type TomlFile } from './tomlFile.ts';

/** Keys that a table shall have, their values as TOML text. */
export interface Wanted {
  readonly path: readonly string[];
  readonly keys: readonly { readonly key: string; readonly value: string }[];
}

type Range = readonly [number, number];

/** How the file writes a table, and so how it can take a key more. */
type Home =
  | { readonly kind: 'header'; readonly body: readonly { readonly range: Range }[]; readonly header: Range }
  | { readonly kind: 'inline'; readonly at: number; readonly empty: boolean }
  | { readonly kind: 'dotted'; readonly last: Entry };

const bare = /^[\w-]+$/;

/** A path as TOML writes it. */
export const dotted = (path: Path): string =>
  path.map((part) => (bare.test(String(part)) ? String(part) : JSON.stringify(part))).join('.');

const isPath = (path: Path, other: Path): boolean => path.length === other.length && startsWith(path, other);

function homeOf(file: TomlFile, path: Path): Home | undefined {
  const header = file.headers.find(({ kind, resolvedKey }) => kind === 'standard' && isPath(resolvedKey, path));
  if (header) return { kind: 'header', body: header.body, header: header.key.range };
  const value = file.entries.find((entry) => isPath(entry.path, path))?.node.value;
  if (value?.type === 'TOMLInlineTable') {
    const last = value.body.at(-1);
    return { kind: 'inline', at: last?.range[1] ?? value.range[0] + 1, empty: last === undefined };
  }
  const last = file.entries.findLast(
    ({ path: full, containerPath }) =>
      full.length > path.length && containerPath.length < path.length && startsWith(full, path),
  );
  return last && { kind: 'dotted', last };
}

/** Lines after the one that a range ends in; before it where the file ends there without a line end. */
function lines(text: string, [start, end]: Range, added: readonly string[]): Insertion {
  const eol = lineEndOf(text);
  const indent = indentAt(text, start);
  const after = lineEnd(text, end);
  return after === text.length
    ? { offset: lineStart(text, start), text: added.map((line) => indent + line + eol).join('') }
    : { offset: after, text: added.map((line) => eol + indent + line).join('') };
}

/** Adds keys to a table, below it by `rest`, in the way in which the table is written. */
function addTo(file: TomlFile, home: Home, path: Path, rest: Path, { keys }: Wanted): Insertion {
  const { text } = file;
  const pairs = keys.map(({ key, value }) => `${dotted([...rest, key])} = ${value}`);
  if (home.kind === 'inline')
    return { offset: home.at, text: home.empty ? ` ${pairs.join(', ')} ` : `, ${pairs.join(', ')}` };
  if (home.kind === 'header') {
    const last = home.body.at(-1);
    if (last) return lines(text, last.range, pairs);
    const eol = lineEndOf(text);
    const indent = indentAt(text, home.header[0]);
    return { offset: lineEnd(text, home.header[1]), text: pairs.map((pair) => eol + indent + pair).join('') };
  }
  const { node, container, containerPath } = home.last;
  // What the team's key has before the part that differs, as it is written there: `context.develop`.
  const shared = node.key.keys.slice(0, path.length - containerPath.length);
  const prefix = text.slice(node.key.range[0], shared.at(-1)?.range[1] ?? node.key.range[0]);
  const added = pairs.map((pair) => `${prefix}.${pair}`);
  return container.type === 'TOMLInlineTable'
    ? { offset: node.range[1], text: `, ${added.join(', ')}` }
    : lines(text, node.range, added);
}

/** Above a header with the comments that stand directly on it. */
function above(text: string, offset: number): number {
  let start = lineStart(text, offset);
  while (start > 0) {
    const before = lineStart(text, start - 1);
    if (!text.slice(before, start).trimStart().startsWith('#')) break;
    start = before;
  }
  return start;
}

/** A table of its own: before its sub-tables, as some parsers drop what follows a parent that comes later. */
function newTable(file: TomlFile, { path, keys }: Wanted): Insertion {
  const { text, headers } = file;
  const eol = lineEndOf(text);
  const like =
    headers.find(
      ({ resolvedKey: key }) => key.length === path.length && key[0] === path[0] && key.at(-1) === path.at(-1),
    ) ?? headers.find(({ resolvedKey: key }) => key.length === path.length && key[0] === path[0]);
  const indent = like ? indentAt(text, like.range[0]) : '';
  const sample = (like ?? headers.find(({ resolvedKey: key }) => isPath(key, ['build'])))?.body[0];
  const bodyIndent = sample ? indentAt(text, sample.range[0]) : '';
  const table = [
    `${indent}[${dotted(path)}]`,
    ...keys.map(({ key, value }) => `${bodyIndent}${dotted([key])} = ${value}`),
  ];
  const below = headers.find(({ resolvedKey }) => resolvedKey.length > path.length && startsWith(resolvedKey, path));
  if (below) return { offset: above(text, below.range[0]), text: `${table.join(eol)}${eol}${eol}` };
  const neighbour =
    headers.findLast(({ resolvedKey }) => path.length > 2 && startsWith(resolvedKey, path.slice(0, 2))) ??
    headers.findLast(({ resolvedKey: [first] }) => first === 'context') ??
    headers.findLast(({ resolvedKey: [first] }) => first === 'build');
  const end = neighbour
    ? lineEnd(text, neighbour.body.at(-1)?.range[1] ?? neighbour.key.range[1])
    : text.trimEnd().length;
  return { offset: end, text: `${eol}${eol}${table.join(eol)}${end === text.length ? eol : ''}` };
}

/** Where and how the file takes these keys: what belongs to a table that is there comes before a table that is new. */
export function insertionsFor(file: TomlFile, wanted: Iterable<Wanted>): Insertion[] {
  const placed = [...wanted].map((one) => {
    for (let length = one.path.length; length > 0; length -= 1) {
      const path = one.path.slice(0, length);
      const home = homeOf(file, path);
      if (!home) continue;
      if (home.kind === 'header' && length < one.path.length) return { rank: 3 - length, at: newTable(file, one) };
      return { rank: 0, at: addTo(file, home, path, one.path.slice(length), one) };
    }
    return { rank: 3, at: newTable(file, one) };
  });
  return placed.sort((a, b) => a.rank - b.rank).map(({ at }) => at);
}
