import { AsyncLocalStorage } from 'node:async_hooks';
import { jest } from '@jest/globals';
import '../../rotation/haste.ts';
import type { Ending } from '../pool.ts';

// A sign-in takes longer than a whole run: all of them share one. What is asked behind it is asked each time.
jest.mock('@1password/sdk', () => {
  const sdk = jest.requireActual<typeof import('@1password/sdk')>('@1password/sdk');
  const clients = new Map<unknown, ReturnType<typeof sdk.createClient>>();
  const createClient: typeof sdk.createClient = (configuration) => {
    const known = clients.get(configuration.auth) ?? sdk.createClient(configuration);
    clients.set(configuration.auth, known);
    return known;
  };
  return { ...sdk, createClient };
});

/** A run that was killed learns nothing more, not even that nobody answers. */
const current = new AsyncLocalStorage<{ readonly dead: boolean }>();
const { fetch: reach } = globalThis;
globalThis.fetch = async (...asked) => {
  const run = current.getStore();
  const forEver = () => new Promise<never>(() => undefined);
  try {
    const answer = await reach(...asked);
    return run?.dead === true ? await forEver() : answer;
  } catch (error) {
    if (run?.dead === true) return forEver();
    throw error;
  }
};

/** Runs `npm run rotate -- …` in this process, with exactly this environment. */
export async function playCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  heard: (line: string) => void = () => undefined,
): Promise<Ending> {
  const { command } = await import('../../../commands/rotate/command.ts');
  const said = { stdout: '', stderr: '' };
  const before = { env: { ...process.env }, argv: process.argv, exitCode: process.exitCode };
  const record = (name: 'stdout' | 'stderr') =>
    jest.spyOn(process[name], 'write').mockImplementation((chunk) => {
      const text = String(chunk);
      said[name] += text;
      heard(text);
      return true;
    });
  const spies = [record('stdout'), record('stderr')];
  const run = { dead: false };
  letGo = (dead) => {
    run.dead = dead;
    for (const spy of spies) spy.mockRestore();
    process.env = before.env;
    process.argv = before.argv;
    process.exitCode = before.exitCode;
  };
  process.exit = () => undefined as never; // a command ends its process a moment later
  for (const name of Object.keys(process.env)) if (!(name in environment)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  process.argv = [process.execPath, 'commands/rotate/command.ts', ...args];
  process.exitCode = undefined;
  const begin = Date.now();
  try {
    await current.run(run, () => command.run());
    const code = process.exitCode;
    return { ...said, code: typeof code === 'number' ? code : 'hang', ms: Date.now() - begin };
  } finally {
    letGo(false);
  }
}

let letGo: (dead: boolean) => void = () => undefined;

/** Gives streams, environment and exit code back that a run holds which never ends. */
export function abandon(): void {
  letGo(true);
}
