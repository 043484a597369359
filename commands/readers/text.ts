import { columns } from '../../machine/columns.ts';
import { counted } from '../../machine/counted.ts';
import type { Paint } from '../../machine/paint.ts';
import { printable } from '../../machine/printable.ts';
import { isFinding, severities, type Row, type Severity } from '../../readers/join.ts';
import type { Reader, ReaderPlace, Readers } from '../../readers/readers.ts';

const placeNames: Readonly<Record<Row['place'], string>> = {
  netlify: 'Netlify',
  edgeFunction: 'Edge Functions',
  actionsSecret: 'Actions secret',
  actionsVariable: 'Actions variable',
  localFile: 'local file',
};

const readerNames: Readonly<Record<ReaderPlace, string>> = {
  build: 'the build',
  netlifyFunction: 'Netlify functions',
  edgeFunction: 'Edge Functions',
  workflow: 'workflows',
  script: 'scripts',
  test: 'tests',
  unused: 'code that nothing loads',
};

/** The table value × place for people, the gravest first; with `all`, every place that reads a value. */
export function asText(rows: readonly Row[], found: Readers, paint: Paint, all: boolean): string {
  const styles: Readonly<Record<Severity, 'red' | 'yellow' | 'dim'>> = { high: 'red', medium: 'yellow', low: 'dim' };
  const cells = rows.map((row) => {
    const level = row.accepted === undefined ? row.severity : undefined;
    const mark = level === undefined ? paint('green', 'ok') : paint(styles[level], level);
    const renamed = row.value === row.name ? '' : ` (${row.value})`;
    return [mark, paint('bold', row.name), placeNames[row.place], `${row.status}${renamed}`];
  });
  const heads = columns(cells);
  const lines = rows.flatMap((row, index) => [
    ...heads.slice(index, index + 1),
    ...details(row, all).map((line) => paint('dim', `        ${line}`)),
  ]);
  const counts = [...severities].reverse().map((severity) => {
    const those = rows.filter((row) => row.severity === severity && isFinding(row));
    return `${those.length} ${severity}`;
  });
  const notes = [
    ...found.problems.map(
      ({ file, line, message }) => `${printable(file)}:${line} was not read as a whole: ${printable(message)}`,
    ),
    ...(all
      ? []
      : found.unknown.map(
          (open) => `${placeOf(open)} reads ${open.whole ? 'every name' : 'a name that is worked out when it runs'}`,
        )),
  ];
  return [
    ...lines,
    ...notes,
    `${counted(rows.length, 'row')}: ${counts.join(', ')}. ${counted(found.files, 'file')} read.`,
    '',
  ].join('\n');
}

function details(row: Row, all: boolean): string[] {
  if (row.accepted !== undefined) return [`accepted: ${printable(row.accepted)}`];
  if (row.severity === undefined && !all) return [];
  const shown = all ? row.readers : row.readers.slice(0, 2);
  const rest = row.readers.length - shown.length;
  return [...shown.map(describe), ...(rest > 0 ? [`and ${counted(rest, 'more place', 'more places')}`] : [])];
}

function describe(reader: Reader): string {
  const { place, via, fallback, aliases, environment, handedAs, name } = reader;
  const parts = [
    via === undefined ? '' : ` by ${printable(via)}`,
    environment === undefined ? '' : `, environment ${printable(environment)}`,
    handedAs === undefined || handedAs === name ? '' : `, handed on as ${printable(handedAs)}`,
    fallback === 'default' ? ', with a default' : '',
    aliases === undefined ? '' : `, or ${aliases.join(', ')}`,
  ];
  return `${readerNames[place]}: ${placeOf(reader)}${parts.join('')}`;
}

function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${printable(file)}:${line}`;
}
