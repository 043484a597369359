import type { Measured } from './run.ts';
import type { Phases } from './phases.ts';
import { ratios, summary, type Summary } from './statistics.ts';
import { columns } from '../../machine/columns.ts';

/** What was measured for one number of variables. */
export interface SizeResult {
  readonly size: number;
  /** By the contestant's name; the first one is the peer. */
  readonly measured: ReadonlyMap<string, Measured>;
  /** By the contestant's name: where the time of our previews goes. */
  readonly phases: ReadonlyMap<string, Phases>;
  /** The names of the contestants that have to meet the target. */
  readonly judged: readonly string[];
}

/** The most that a contestant may take, as a multiple of Terraform's time, at the sizes that have a target. */
type Targets = Readonly<Record<number, number>>;

/** The judged contestants that missed the target of this size: by the median of their ratios, or by more requests. */
export function missed({ size, measured, judged }: SizeResult, targets: Targets): string[] {
  const peer = peerOf(measured);
  const target = targets[size];
  if (target === undefined) return [];
  return judged.filter((name) => {
    const one = measured.get(name);
    if (!one) throw new Error(`${name} was not measured`);
    return ratios(one.seconds, peer.seconds).median > target || one.requests > peer.requests;
  });
}

/** The result as lines for a person. */
export function describe(result: SizeResult, targets: Targets): string {
  const { size, measured, phases } = result;
  const peer = peerOf(measured);
  const target = targets[size];
  const late = missed(result, targets);
  const rows = [...measured].map(([name, { seconds, requests }]) => [
    name,
    show(summary(seconds), 's'),
    show(ratios(seconds, peer.seconds), '×'),
    String(requests),
    late.includes(name) ? 'target missed' : '',
  ]);
  const table = columns([['', 'time', 'of terraform’s time', 'requests', ''], ...rows]);
  return [
    `${size} variables${target === undefined ? '' : ` (target: at most ${target} ×, no more requests)`}`,
    ...table.map((line) => `  ${line}`),
    ...[...phases].flatMap(([name, phase]) => ['', `  Where the time of \`${name}\` goes:`, ...describePhases(phase)]),
    '',
  ].join('\n');
}

/** The result as data. */
export function asData(result: SizeResult, targets: Targets): unknown {
  const { size, measured, phases } = result;
  const peer = peerOf(measured).seconds;
  const late = missed(result, targets);
  return {
    size,
    target: targets[size],
    contestants: [...measured].map(([name, { seconds, requests }]) => ({
      name,
      seconds: summary(seconds),
      ratio: ratios(seconds, peer),
      requests,
      missed: late.includes(name),
      ...(phases.has(name) && { phases: phases.get(name) }),
    })),
  };
}

function peerOf(measured: SizeResult['measured']): Measured {
  const [peer] = measured.values();
  if (!peer) throw new Error('nothing was measured');
  return peer;
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
