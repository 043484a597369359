import { setTimeout as sleep } from 'node:timers/promises';
import { endProviders, leftProviders, type LeftProvider, type RunPlace } from '../../engine/leftProviders.ts';
import { leftEngines, type LeftEngine } from '../../engine/leftEngines.ts';
import { counted } from '../../machine/counted.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/** A provider whose engine is gone ends by itself after this long at most: it asks for its engine every five minutes. */
const endsItselfMs = 11 * 60_000;

/** The providers of the killed run, for a person. */
export function providerLines(providers: readonly LeftProvider[]): string[] {
  return providers.map(({ pid, program, belongs }) =>
    belongs === 'this'
      ? `  end         process ${pid} (${program}): the killed run's provider still works, and may still write`
      : `  Refused: process ${pid} (${program}) is a provider without its engine, and whose it is cannot be seen from here. ` +
        `Look (lsof -a -p ${pid} -d cwd): if it works in this folder, kill ${pid}, else wait for its end; then run this again`,
  );
}

/** The engines that go on without their command, for a person. */
export function engineLines(engines: readonly LeftEngine[]): string[] {
  return engines.map(({ pid, does, belongs }) =>
    belongs === 'this'
      ? `  stop        process ${pid} (pulumi ${does}): the command that ran it was killed, and it goes on; asked to stop, it ends what is under way and lets go of its lock`
      : `  Refused: process ${pid} (pulumi ${does}) goes on without the command that ran it, and for which project cannot be seen from here. ` +
        `Look (lsof -a -p ${pid} -d cwd): if it works in this folder, kill -INT ${pid}, else wait for its end; then run this again`,
  );
}

/** Waits until the killed run's engine and providers have ended by themselves. */
export async function waitForEnd(place: RunPlace, find: FindLeft = findLeft, pauseMs = 1000): Promise<void> {
  const until = Date.now() + endsItselfMs;
  let last = 0;
  for (;;) {
    const left = await find(place);
    if (left.length === 0) return;
    const pids = left.map(({ pid }) => pid).join(', ');
    if (Date.now() >= until) throw new Error(`Nothing was done: these do not end: ${pids}.`);
    if (Date.now() - last > 10_000) {
      process.stderr.write(`Waiting for the killed run to end: process ${pids} …\n`);
      last = Date.now();
    }
    await sleep(pauseMs);
  }
}

type FindLeft = (place: RunPlace) => Promise<readonly { readonly pid: number }[]>;

async function findLeft(place: RunPlace) {
  return [...leftEngines(place), ...(await leftProviders(place))];
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
    `A killed run's provider still works (${left.map(({ pid }) => pid).join(', ')}). Run this again: ${forStack('npm run recover')}`,
  );
}
