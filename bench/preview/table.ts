import type { Measured } from './run.ts';
import type { Phases } from './phases.ts';
import { ratios, summary, type Summary } from './statistics.ts';

/** What was measured for one number of variables. */
export interface SizeResult {
  readonly size: number;
  /** By the contestant's name; the first one is the peer. */
  readonly measured: ReadonlyMap<string, Measured>;
  /** By the contestant's name: where the time of our previews goes. */
  readonly phases: ReadonlyMap<string, Phases>;
}

/** The most that a contestant may take, as a multiple of Terraform's time, at the sizes that have a target. */
type Targets = Readonly<Record<number, number>>;

/** The result as lines for a person. */
export function describe({ size, measured, phases }: SizeResult, targets: Targets): string {
  const peer = [...measured.values()][0];
  if (!peer) throw new Error('nothing was measured');
  const target = targets[size];
  const rows = [...measured].map(([name, { seconds, requests }]) => [
    name,
    show(summary(seconds), 's'),
    show(ratios(seconds, peer.seconds), '×'),
    String(requests),
  ]);
  const table = align([['', 'time', 'of terraform’s time', 'requests'], ...rows]);
  return [
    `${size} variables${target === undefined ? '' : ` (target: at most ${target} ×, no more requests)`}`,
    ...table.map((line) => `  ${line}`),
    ...[...phases].flatMap(([name, phase]) => ['', `  Where the time of \`${name}\` goes:`, ...describePhases(phase)]),
    '',
  ].join('\n');
}

/** The result as data. */
export function asData({ size, measured, phases }: SizeResult, targets: Targets): unknown {
  const peer = [...measured.values()][0]?.seconds ?? [];
  return {
    size,
    target: targets[size],
    contestants: [...measured].map(([name, { seconds, requests }]) => ({
      name,
      seconds: summary(seconds),
      ratio: ratios(seconds, peer),
      requests,
      ...(phases.has(name) && { phases: phases.get(name) }),
    })),
  };
}

function describePhases({ phases, nodeBusySeconds }: Phases): string[] {
  return [
    ...phases.map(({ name, seconds }) => `    ${seconds.toFixed(2).padStart(6)} s  ${name}`),
    `    (${nodeBusySeconds.toFixed(2)} s of processor time in Node after the SDK was loaded; the rest waits for engine and providers)`,
  ];
}

function show({ median, min, max }: Summary, unit: string): string {
  return `${median.toFixed(2)} ${unit} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
