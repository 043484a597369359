import { enginesEnd } from '../engine/ending.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** What a shell expects of a process that a signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * While `work` runs, Ctrl-C (or a polite kill) prints what `told` then knows, one line each, and ends this process: what was
 * done, what was not, and the command that goes on. `told` must not wait for anything; the
 * end waits for `children`, which a terminal's Ctrl-C reaches too; by default the engines, which are asked to end. A second Ctrl-C ends at once.
 */
export async function interruptible<Result>(
  told: () => readonly string[],
  work: () => Promise<Result>,
  children: () => Promise<unknown> = enginesEnd,
): Promise<Result> {
  const signalled = { once: false };
  const stop = (signal: (typeof signals)[number]) => {
    const end = () => process.exit(exitCodes[signal]);
    if (signalled.once) end();
    signalled.once = true;
    process.stderr.write(`\n${told().join('\n')}\n`);
    void children().then(end, end);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work();
  } catch (error) {
    // What was ended fails, and that is no news: what is left was said, and the end comes as soon as the children have.
    if (signalled.once) await new Promise<never>(() => undefined);
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/** Says every few seconds that `work` still goes on, so that nobody takes silence for a hang. */
export async function withProgress<Result>(
  what: string,
  work: Promise<Result>,
  everyMs = 5000,
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<Result> {
  const begin = Date.now();
  const timer = setInterval(() => {
    say(`  … ${what} (${Math.round((Date.now() - begin) / 1000)} s)`);
  }, everyMs);
  timer.unref();
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
