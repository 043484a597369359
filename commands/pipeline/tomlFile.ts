import { parse, type TomlTable } from 'smol-toml';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import type { AST } from 'toml-eslint-parser';
import { sameData } from './sameData.ts';

/** A table's or a key's name from the root, a part an entry. */
export type Path = readonly (string | number)[];

/** A key with its value, where it stands. */
export interface Entry {
  /** From the root of the document. */
  readonly path: Path;
  readonly node: AST.TOMLKeyValue;
  /** The table in whose body it stands: the document itself, a header's or an inline table. */
  readonly container: AST.TOMLTopLevelTable | AST.TOMLTable | AST.TOMLInlineTable;
  readonly containerPath: Path;
}

/** A TOML file with the places of its parts. */
export interface TomlFile {
  readonly text: string;
  readonly config: TomlTable;
  /** `[table]` and `[[table]]`, in the file's order. */
  readonly headers: readonly AST.TOMLTable[];
  readonly entries: readonly Entry[];
}

function* entriesOf(container: Entry['container'], containerPath: Path): Generator<Entry> {
  for (const node of container.body) {
    if (node.type === 'TOMLTable') continue;
    const keys = node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    const path = [...containerPath, ...keys];
    yield { path, node, container, containerPath };
    if (node.value.type === 'TOMLInlineTable') yield* entriesOf(node.value, path);
  }
}

/** Reads it with both parsers, as TOML 1.0. Errors: what either refuses, or what they read differently. */
export function readToml(text: string): TomlFile {
  const config = parse(text);
  const program = parseTOML(text, { tomlVersion: '1.0' });
  if (!sameData(JSON.parse(JSON.stringify(getStaticTOMLValue(program))), JSON.parse(JSON.stringify(config))))
    throw new Error('two TOML parsers read it differently');
  const [top] = program.body;
  const headers = top.body.filter((node) => node.type === 'TOMLTable');
  const entries = [...entriesOf(top, []), ...headers.flatMap((header) => [...entriesOf(header, header.resolvedKey)])];
  return { text, config, headers, entries };
}

/** Whether a path begins with another, or is it. */
export const startsWith = (path: Path, start: Path): boolean => start.every((part, index) => path[index] === part);

/** The entry that sets exactly this path. */
export const entryOf = (file: TomlFile, path: Path): Entry | undefined =>
  file.entries.find((entry) => entry.path.length === path.length && startsWith(entry.path, path));
