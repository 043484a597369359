import type { Case } from './case.ts';
import type { NamedFault } from './faults.ts';

/** One command under one fault. */
export interface Cell {
  readonly case: Case;
  readonly fault: NamedFault;
  /** Empty when it ended as it should. */
  readonly problems: readonly string[];
  readonly ms: number;
}

/** The matrix as a table: a row a command, a column a fault, then the counts. */
export function matrixTable(cases: readonly Case[], faults: readonly NamedFault[], cells: readonly Cell[]): string {
  const names = cases.map(nameOf);
  const width = Math.max(...names.map(({ length }) => length));
  const heading = faults.map(({ name }, index) => `  ${String(index + 1).padStart(2)} ${name}`);
  const numbers = faults.map((_, index) => String(index + 1).padStart(3)).join('');
  const rows = cases.map((one, row) => {
    const marks = faults.map((fault) => {
      const cell = cells.find((each) => each.case === one && each.fault === fault);
      return (cell === undefined ? '?' : cell.problems.length === 0 ? '.' : 'X').padStart(3);
    });
    return `${(names[row] ?? '').padEnd(width)} ${marks.join('')}`;
  });
  const good = cells.filter(({ problems }) => problems.length === 0).length;
  const wrong = cells
    .filter(({ problems }) => problems.length > 0)
    .map((cell) => `  ${cell.fault.name}, ${names[cases.indexOf(cell.case)] ?? ''}: ${cell.problems.join(', ')}`);
  const services = new Set(cases.map(({ service }) => service));
  const slowest = Math.max(0, ...cells.map(({ ms }) => ms)) / 1000;
  return [
    'The fault matrix. Each cell: no hang, nothing lost, no value shown, the cause named, the exit code right.',
    ...heading,
    '',
    `${''.padEnd(width)} ${numbers}`,
    ...rows,
    ...(wrong.length > 0 ? ['', 'Not as it should be:', ...wrong] : []),
    '',
    `${faults.length} faults × ${services.size} services × ${cases.length} commands: ${cells.length} cells, ` +
      `${good} as they should be, ${cells.length - good} not; the slowest took ${slowest.toFixed(1)} s`,
    '',
  ].join('\n');
}

/** A row's name: the service, the command, and what is otherwise than usual. */
function nameOf({ entry, args, service, extent, world, engine, without = [] }: Case): string {
  const verb = args[0]?.startsWith('-') === false ? ` ${args[0]}` : '';
  const named = args
    .filter((arg) => ['--emergency', '--alert', '--site-url', '--vault', '--fix', '--yes'].includes(arg))
    .map((arg) => ` ${arg}`);
  const more = [
    ...(extent === 'writes' ? ['writes fail'] : []),
    ...(world === 'thrown' && entry === 'killSwitch' ? ['both levels on'] : []),
    ...(engine === 'killed' ? ['after a kill'] : []),
    ...(without.length > 0 ? ['its key in the vault'] : []),
  ];
  return `${service}: ${entry}${verb}${named.join('')}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}
