import type { Row } from '../../readers/join.ts';
import type { Readers } from '../../readers/readers.ts';

/** What is about one value: its rows, and every place that reads it or one of its names. */
export function ofValue(name: string, rows: readonly Row[], found: Readers): [Row[], Readers] {
  const own = rows.filter((row) => row.value === name || row.name === name);
  const names = new Set([name, ...own.map((row) => row.name)]);
  const readers = found.readers.filter((reader) => names.has(reader.name));
  const definitions = found.definitions.filter((definition) => names.has(definition.name));
  return [own, { ...found, readers, definitions, unknown: [], problems: found.problems }];
}
