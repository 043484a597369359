import type { Row } from '../../readers/join.ts';
import type { Readers } from '../../readers/readers.ts';

/** Everything for another program; the readers of a row by their place. */
export function asJson(rows: readonly Row[], { readers, definitions, unknown, problems }: Readers): string {
  const short = rows.map(({ readers: those, severity, ...row }) => ({
    ...row,
    severity: severity ?? null,
    readers: those.map(({ place, file, line }) => ({ place, file, line })),
  }));
  return `${JSON.stringify({ rows: short, readers, definitions, unknown, problems }, undefined, 2)}\n`;
}
