import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { onEndAsked, type EndSignal } from './endAsked.ts';
import { send } from './leftProviders.ts';
import { processes, treeOf } from './processes.ts';

/** How long the engine may take to let go after an interruption: it waits for the requests that are under way. */
const graceMs = 20_000;

/** The ends of the children that run now. */
const running = new Set<Promise<void>>();

/** Resolves once no engine, and no other command that this process has started, runs. */
export async function childrenEnd(): Promise<void> {
  await Promise.all(running);
}

/** What a shell expects of a process that a signal ended. */
export function signalExitCode(signal: EndSignal): number {
  return 128 + constants.signals[signal];
}

/** Ends this process as the signal would have. */
function exit(signal: EndSignal): void {
  process.exit(signalExitCode(signal));
}

/**
 * Lets a command's own end be the engine's, too: Ctrl-C, `kill`, a closed terminal and the death of what launched the
 * command interrupt the engine once, so that it lets go of its lock and ends its providers; `then` this process exits. A
 * second request, or {@link graceMs} without an end, ends the engine with every process that it started, and so does an
 * exit of this process for any other reason. The engine must be in a group of its own (`detached`): a terminal would send
 * it a Ctrl-C as well, and the second means "at once" to it; of a closed terminal it would die, and leave its providers.
 */
export function endsWithThisProcess(engine: ChildProcess, then = exit): { readonly interrupt: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    if (timer !== undefined) {
      endTree(engine);
      return;
    }
    engine.kill('SIGINT');
    timer = setTimeout(() => endTree(engine), graceMs);
  };
  const asked = (_signal: EndSignal, times: number) => {
    if (times === 1) process.stderr.write('Stopping Pulumi; once more ends it at once …\n');
    interrupt();
  };
  endsWith(engine, asked, (signal) => {
    clearTimeout(timer);
    if (signal !== undefined) then(signal);
  });
  return { interrupt };
}

/**
 * Lets this process end as if the child were not there, and the child with it. For one that holds nothing: it is killed. The
 * child must be in this process's group, where a terminal's Ctrl-C ends it.
 */
export function aloneUntilExit(child: ChildProcess): { readonly interrupt: () => void } {
  child.unref();
  for (const pipe of child.stdio) if (pipe instanceof Socket) pipe.unref();
  const interrupt = () => endTree(child);
  process.once('exit', interrupt);
  const off = () => process.off('exit', interrupt);
  child.once('error', off).once('close', off);
  return { interrupt };
}

/**
 * Hands the request to end on to another command that this process has started: one that deals with it by itself. Once
 * that has ended, `then` this process exits. A second request ends it with all that it started, and so does an exit.
 */
export function handsEndOn(child: ChildProcess, then = exit): void {
  const asked = (signal: EndSignal, times: number) => {
    // A terminal sends Ctrl-C to the child as well.
    if (times > 1) endTree(child);
    else if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  endsWith(child, asked, (signal) => {
    if (signal !== undefined) then(signal);
  });
}

/** Calls `asked` for each request while the child runs, and `done` once it has ended, with the last request if there was one. */
function endsWith(
  child: ChildProcess,
  asked: (signal: EndSignal, times: number) => void,
  done: (signal: EndSignal | undefined) => void,
): void {
  let last: EndSignal | undefined;
  const off = onEndAsked((signal, times) => {
    last = signal;
    asked(signal, times);
  });
  const onExit = () => endTree(child);
  process.prependListener('exit', onExit); // before what else cleans up: the child must not write there any more
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  running.add(end);
  void end.then(() => running.delete(end));
  const ended = () => {
    off();
    process.off('exit', onExit);
    done(last);
  };
  child.once('error', ended);
  child.once('close', ended);
}

/** Ends a process and every process that it started, as the last means. */
function endTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  for (const each of treeOf(pid, processes())) send(each, 'SIGKILL');
}
