import { realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { processes, treeOf, type Process } from './processes.ts';

/** A provider at work whose engine is gone: what it writes now, no state learns. */
export interface LeftProvider {
  readonly pid: number;
  readonly program: string;
  /**
   * `this`: it works in this project's folder, for this project. `unknown`: the machine does not say for which, or
   * something answers at its engine's address, so that a person has to check.
   */
  readonly belongs: 'this' | 'unknown';
  /** The process group to end, which holds what the provider has started; `undefined` when it is not its own. */
  readonly group: number | undefined;
}

/** Where a killed run worked. */
export interface RunPlace {
  readonly root: string;
  /** The project's name, as in Pulumi.yaml. */
  readonly project: string;
  /** Where a call says for which stack it is, only this one's counts. */
  readonly stack: string;
}

const providerNames = ['pulumi-resource-', 'terraform-provider-'];

/**
 * The providers of a run of this project that was killed: they outlive a `kill -9` of the engine, finish the request that
 * they are in, and end by themselves minutes later. A provider counts when it is this user's, its parent is no engine
 * and no provider, and it works in this folder for this project. For which stack, the machine does not say.
 */
export async function leftProviders(
  { root, project }: Pick<RunPlace, 'root' | 'project'>,
  all: readonly Process[] = processes(),
  answers: (address: string) => Promise<boolean> = somethingListens,
): Promise<LeftProvider[]> {
  const folder = realpathSync(root);
  const user = userInfo().uid;
  const byPid = new Map(all.map((each) => [each.pid, each]));
  const left = all.filter((each) => {
    if (each.user !== user || !isProvider(each)) return false;
    const parent = byPid.get(each.parent);
    if (parent && (isEngine(parent) || isProvider(parent))) return false;
    // Where the machine names no folder, every provider of this user whose parent is gone is to be checked.
    return each.folder === undefined ? each.parent === 1 : each.folder === folder && each.project === project;
  });
  return Promise.all(
    left.map(async ({ pid, program, group, folder: where, args }) => {
      const engine = args.find((arg) => arg.startsWith('127.0.0.1:'));
      const isOrphan = engine === undefined || !(await answers(engine));
      const belongs = where !== undefined && isOrphan ? 'this' : 'unknown';
      return { pid, program, belongs, group: group === pid ? group : undefined };
    }),
  );
}

/**
 * Ends providers with everything that they started, and waits until they are gone. Throws when one is still there after
 * `limitMs`.
 */
export async function endProviders(providers: readonly LeftProvider[], limitMs = 10_000): Promise<void> {
  const all = processes();
  const pids = [...new Set(providers.flatMap(({ pid }) => treeOf(pid, all)))];
  for (const { group } of providers) if (group !== undefined) send(-group, 'SIGTERM');
  for (const pid of pids) send(pid, 'SIGTERM');
  if (await areGone(pids, limitMs / 2)) return;
  for (const pid of pids) send(pid, 'SIGKILL');
  if (!(await areGone(pids, limitMs / 2))) throw new Error(`These processes do not end: ${pids.join(', ')}.`);
}

function isProvider({ program }: Process): boolean {
  return providerNames.some((name) => program.startsWith(name));
}

/** Whether a process is Pulumi's engine. */
export function isEngine({ program }: Process): boolean {
  return program === 'pulumi' || program === 'pulumi.exe';
}

/** Sends a signal to a process, or to a group by its negative id; one that is gone is none. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended by itself
  }
}

async function areGone(pids: readonly number[], limitMs: number): Promise<boolean> {
  const until = Date.now() + limitMs;
  for (;;) {
    const there = new Set(processes().map(({ pid }) => pid));
    if (!pids.some((pid) => there.has(pid))) return true;
    if (Date.now() >= until) return false;
    await sleep(50);
  }
}

/** Whether anything accepts connections at `127.0.0.1:PORT`: the engine does while it lives. */
function somethingListens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(address.split(':')[1]), timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(true));
    socket.once('error', () => end(false));
  });
}
