import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import type { LogEntry } from '../../sandbox/server/serve.ts';
import { timed, type Contestant } from './run.ts';
import { summary } from './statistics.ts';

/** A stretch of a run and the median of its length. */
interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** Where the time of a preview goes; adds up to about the whole. */
export interface Phases {
  readonly phases: readonly Phase[];
  /** Processor time of the program in Node after it was loaded; the rest of that stretch it waits for engine and providers. */
  readonly nodeBusySeconds: number;
}

interface Stamps {
  readonly nodeStarts: number;
  readonly programLoads: number;
  readonly nodeEnds: number;
  readonly busyMs: number;
}

/** Runs a preview some more times, with stamps that cost it a little, and sums up the stretches between them. */
export async function measurePhases(contestant: Contestant, rounds: number, log: () => LogEntry[]): Promise<Phases> {
  const stretches = new Map<string, number[]>();
  const busy: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const file = join(contestant.folder, 'stamps.jsonl');
    rmSync(file, { force: true });
    const before = log().length;
    const starts = Date.now();
    await timed({ ...contestant, environment: withStamps(contestant.environment, file) });
    const ends = Date.now();
    const stamps = JSON.parse(readFileSync(file, 'utf8')) as Stamps;
    const firstRequest = log()[before]?.time;
    for (const { name, seconds } of between(starts, ends, stamps, firstRequest)) {
      stretches.set(name, [...(stretches.get(name) ?? []), seconds]);
    }
    busy.push(stamps.busyMs / 1000);
  }
  const phases = [...stretches].map(([name, seconds]) => ({ name, seconds: summary(seconds).median }));
  return { phases, nodeBusySeconds: summary(busy).median };
}

function withStamps(environment: Contestant['environment'], file: string): Contestant['environment'] {
  const preload = join(projectRoot(), 'bench', 'preview', 'stamps.cjs');
  return { ...environment, NODE_OPTIONS: `--require ${JSON.stringify(preload)}`, BENCH_STAMPS: file };
}

/** The stretches between the instants of one run, in the order in which they came. The first request shows that the providers are up. */
function between(starts: number, ends: number, stamps: Stamps, firstRequest: string | undefined): Phase[] {
  const instants = [
    { at: starts, name: 'CLI starts: state, passphrase, language host, plugins' },
    { at: stamps.nodeStarts, name: 'Node starts and loads the SDK' },
    { at: stamps.programLoads, name: 'program starts: settings, first registrations, provider start' },
    ...(firstRequest === undefined
      ? []
      : [{ at: Date.parse(firstRequest), name: 'first request, then what follows it' }]),
    { at: stamps.nodeEnds, name: 'engine ends' },
  ].sort((a, b) => a.at - b.at);
  return instants.map(({ at, name }, index) => ({ name, seconds: ((instants[index + 1]?.at ?? ends) - at) / 1000 }));
}
