import { stripVTControlCharacters } from 'node:util';

/**
 * Rows as lines with their cells below each other, two blanks between; the last cell of a row is never filled up. Colours in
 * a cell count for nothing.
 */
export function columns(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths: number[] = [];
  const widthOf = (cell: string) => stripVTControlCharacters(cell).length;
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  return rows.map((row) => {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)));
    return indent + cells.join('  ').trimEnd();
  });
}
