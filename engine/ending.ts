import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { send } from './leftProviders.ts';
import { processes, treeOf } from './processes.ts';

/** How long the engine may take to let go after an interruption: it waits for the requests that are under way. */
const graceMs = 20_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The ends of the engines that run now. */
const running = new Set<Promise<void>>();

/** Resolves once no engine of this process runs. */
export async function enginesEnd(): Promise<void> {
  await Promise.all(running);
}

/**
 * Lets a command's own end be the engine's, too: Ctrl-C, `kill` and a closed terminal interrupt the engine once, so that it
 * lets go of its lock and ends its providers; then this process exits. A second one, or {@link graceMs} without an end,
 * ends the engine with every process that it started, and so does an exit of this process for any other reason. The
 * engine must be in a group of its own: a terminal would send it a Ctrl-C as well, and the second means "at once" to it.
 */
export function endsWithThisProcess(engine: ChildProcess): { readonly interrupt: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    if (timer !== undefined) {
      killEngine(engine);
      return;
    }
    engine.kill('SIGINT');
    timer = setTimeout(() => killEngine(engine), graceMs);
  };
  let endedBy: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (endedBy === undefined) process.stderr.write('Stopping Pulumi; once more ends it at once …\n');
    endedBy = signal;
    interrupt();
  };
  const onExit = () => killEngine(engine);
  for (const signal of signals) process.on(signal, onSignal);
  process.prependListener('exit', onExit); // before what else cleans up: the engine must not write there any more
  const done = () => {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, onSignal);
    process.off('exit', onExit);
    if (endedBy !== undefined) process.exit(128 + constants.signals[endedBy]);
  };
  const end = new Promise<void>((resolve) => engine.once('close', () => resolve()).once('error', () => resolve()));
  running.add(end);
  void end.then(() => running.delete(end));
  engine.once('error', done);
  engine.once('close', done);
  return { interrupt };
}

/** Ends the engine and every process that it started, as the last means. */
export function killEngine({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  for (const each of treeOf(pid, processes())) send(each, 'SIGKILL');
}
