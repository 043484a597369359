import { onEndAsked } from '../engine/endAsked.ts';
import { childrenEnd, signalExitCode } from '../engine/ending.ts';

/**
 * While `work` runs, Ctrl-C (or a polite kill, or a closed terminal) prints what `told` then knows, one line each, and ends
 * this process: what was done, what was not, and the command that goes on. `told` must not wait for anything; the end
 * waits for `children`, by default all that this process has started. A second Ctrl-C ends at once.
 */
export async function interruptible<Result>(
  told: () => readonly string[],
  work: () => Promise<Result>,
  children: () => Promise<unknown> = childrenEnd,
): Promise<Result> {
  const request = { came: false };
  const off = onEndAsked((signal, times) => {
    const end = () => process.exit(signalExitCode(signal));
    if (times > 1) end();
    request.came = true;
    process.stderr.write(`\n${told().join('\n')}\n`);
    void children().then(end, end);
  });
  try {
    return await work();
  } catch (error) {
    // What was ended fails, and that is no news: what is left was said, and the end comes as soon as the children have.
    if (request.came) await new Promise<never>(() => undefined);
    throw error;
  } finally {
    off();
  }
}

/** Says every few seconds that `work` still goes on, so that silence is not taken for a hang. */
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
