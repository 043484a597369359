import { launchers } from './processes.ts';
import { runs } from '../machine/runs.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a process is asked to end. A launcher that is gone counts as `SIGHUP`, as a closed terminal does. */
export type EndSignal = (typeof signals)[number];

/** Gets each request to end; `times` counts those that it got. */
export type EndAsked = (signal: EndSignal, times: number) => void;

/**
 * Within this time two signals are one request: a terminal sends Ctrl-C and its own end to every process of a command, and
 * npm and the launcher hand theirs on as well. A person's second one means "at once", and nothing else may.
 */
const sameRequestMs = 300;

/** How often it is seen whether the launchers are still there: who kills npm means the command, and npm hands little on. */
const launchersEveryMs = 1000;

const listeners = new Map<EndAsked, number>();
let lastAt = -Infinity;
let watch: NodeJS.Timeout | undefined;

/**
 * Calls `asked` whenever this process is asked to end: by Ctrl-C, by `kill`, by a closed terminal, or because npm or what
 * else launched it was killed. It is then `asked` that ends the process. Returns what stops the listening.
 */
export function onEndAsked(asked: EndAsked): () => void {
  if (listeners.size === 0) begin();
  listeners.set(asked, 0);
  return () => {
    if (listeners.delete(asked) && listeners.size === 0) stop();
  };
}

function begin(): void {
  for (const signal of signals) process.on(signal, request);
  const started = launchers();
  watch = setInterval(() => {
    if (started.every(runs)) return;
    clearInterval(watch);
    if (lastAt === -Infinity) request('SIGHUP');
  }, launchersEveryMs);
  watch.unref();
}

function stop(): void {
  for (const signal of signals) process.off(signal, request);
  clearInterval(watch);
}

function request(signal: EndSignal): void {
  const now = performance.now();
  const isSame = now - lastAt < sameRequestMs;
  lastAt = now;
  if (isSame) return;
  for (const [asked, times] of [...listeners]) {
    listeners.set(asked, times + 1);
    asked(signal, times + 1);
  }
}
