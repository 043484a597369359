import { setTimeout as sleep } from 'node:timers/promises';
import { endProviders, leftProviders, type LeftProvider, type RunPlace } from '../../engine/leftProviders.ts';
import { counted } from '../../machine/counted.ts';

/** A provider whose engine is gone ends by itself after this long at most: it asks for its engine every five minutes. */
const endsItselfMs = 11 * 60_000;

/** The providers of the killed run, for a person. */
export function providerLines(providers: readonly LeftProvider[]): string[] {
  return providers.map(({ pid, program, belongs }) =>
    belongs === 'this'
      ? `  end         process ${pid} (${program}): the killed run's provider still works, and may still write`
      : `  Refused: process ${pid} (${program}) is a provider without its engine, and whose it is cannot be told from here. ` +
        `Look (lsof -a -p ${pid} -d cwd): if it works in this folder, kill ${pid}, else wait for its end; then run this again`,
  );
}

/** Waits until the killed run's providers have ended by themselves. */
export async function waitForProviders(place: RunPlace, find = leftProviders, pauseMs = 1000): Promise<void> {
  const until = Date.now() + endsItselfMs;
  let last = 0;
  for (;;) {
    const left = await find(place);
    if (left.length === 0) return;
    const pids = left.map(({ pid }) => pid).join(', ');
    if (Date.now() >= until) throw new Error(`Nothing was done: these providers do not end: ${pids}.`);
    if (Date.now() - last > 10_000) {
      process.stderr.write(`Waiting for the killed run's providers to end: ${pids} …\n`);
      last = Date.now();
    }
    await sleep(pauseMs);
  }
}

/** Ends the killed run's providers. Throws when there is any again: somebody's engine was killed meanwhile. */
export async function endLeftProviders(place: RunPlace, providers: readonly LeftProvider[]): Promise<void> {
  await endProviders(providers);
  process.stderr.write(`Ended ${counted(providers.length, 'provider')}.\n`);
  await requireNoProviders(place);
}

/** Throws when a provider without an engine works here: nothing that is judged now would stay true. */
export async function requireNoProviders(place: RunPlace): Promise<void> {
  const left = await leftProviders(place);
  if (left.length === 0) return;
  throw new Error(
    `A killed run's provider still works (${left.map(({ pid }) => pid).join(', ')}). Run this again: npm run recover`,
  );
}
