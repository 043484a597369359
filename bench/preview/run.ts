import { spawn } from 'node:child_process';
import { endsWithThisProcess } from '../../engine/ending.ts';
import { performance } from 'node:perf_hooks';

/** A command to be measured, where it runs, and how many requests the services have had so far. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly requests: () => number;
}

/** What one contestant did, round by round. */
export interface Measured {
  readonly seconds: number[];
  /** Of the last round. */
  requests: number;
}

/** Runs every contestant once to warm up, then `rounds` times in turn: A B C, A B C, … */
export async function measure(
  contestants: readonly Contestant[],
  rounds: number,
  progress: (text: string) => void,
): Promise<Map<string, Measured>> {
  const results = new Map(contestants.map(({ name }): [string, Measured] => [name, { seconds: [], requests: 0 }]));
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      progress(`${round === 0 ? 'warm-up' : `round ${round} of ${rounds}`}: ${contestant.name}`);
      const before = contestant.requests();
      const seconds = await timed(contestant);
      const measured = results.get(contestant.name);
      if (!measured || round === 0) continue;
      measured.seconds.push(seconds);
      measured.requests = contestant.requests() - before;
    }
  }
  return results;
}

/** Runs a command to its end; throws everything it printed when it fails. Resolves with the seconds it took. */
export async function timed({ name, command, folder, environment }: Omit<Contestant, 'requests'>): Promise<number> {
  const [program, ...args] = command;
  const start = performance.now();
  const options = { cwd: folder, env: environment, detached: true } as const;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  endsWithThisProcess(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} failed (exit ${code ?? 'by signal'}):\n${output}`);
  return (performance.now() - start) / 1000;
}
