import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isEngine, send, type RunPlace } from './leftProviders.ts';
import { processes, type Process } from './processes.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import { stackName } from '../settings/stack/stackFile.ts';

/** A Pulumi whose command was killed: it goes on with its update by itself, and its end is not seen. */
export interface LeftEngine {
  readonly pid: number;
  /** Its verb, as `up`. */
  readonly does: string;
  /** `unknown`: the machine does not say in which folder it works, so that a person has to check. */
  readonly belongs: 'this' | 'unknown';
}

/** What a process belongs to whose parent has ended: the machine's first process, or one that stands in for it. */
const reapers = ['systemd', 'init', 'launchd', 'tini', 'docker-init', 'dumb-init', 'catatonit'];

/** The engines of this user in this folder whose command is gone, but those that work on another stack. */
export function leftEngines(
  { root, stack }: Pick<RunPlace, 'root' | 'stack'>,
  all: readonly Process[] = processes(),
): LeftEngine[] {
  const folder = realpathSync(root);
  const user = userInfo().uid;
  const byPid = new Map(all.map((each) => [each.pid, each]));
  return all
    .filter((each) => {
      const isElsewhere = each.folder !== undefined && each.folder !== folder;
      return isEngine(each) && each.user === user && isLeft(each, byPid) && !isElsewhere && isFor(stack, each.args);
    })
    .map(({ pid, args, folder: where }) => ({
      pid,
      does: args.find((arg) => !arg.startsWith('-')) ?? '',
      belongs: where === undefined ? 'unknown' : 'this',
    }));
}

/** Whether what started a process is gone, and the terminal that it was started on too, if it was on one. */
function isLeft({ pid, parent, session }: Process, byPid: ReadonlyMap<number, Process>): boolean {
  const above = byPid.get(parent);
  const isReaped = parent === 1 || (above ? reapers.includes(above.program) : parent !== 0);
  // In a container the first process may be somebody's shell: what that one has started is in its session.
  return isReaped && (session === undefined || session === pid || !byPid.has(session));
}

/** Whether a call is for this stack, or does not say for which. */
function isFor(stack: string, args: readonly string[]): boolean {
  const at = args.findIndex((arg) => arg === '--stack' || arg === '-s');
  const named = at === -1 ? args.find((arg) => arg.startsWith('--stack='))?.slice('--stack='.length) : args[at + 1];
  return named === undefined || stackName(named) === stackName(stack);
}

/**
 * Asks them to stop, once, as Ctrl-C does: each ends the requests that are under way, lets go of its lock and ends its
 * providers. Throws when one still runs after `limitMs`.
 */
export async function stopEngines(engines: readonly LeftEngine[], limitMs = 60_000): Promise<void> {
  const pids = engines.map(({ pid }) => pid);
  for (const pid of pids) send(pid, 'SIGINT');
  const until = Date.now() + limitMs;
  for (;;) {
    const left = processes().filter(({ pid }) => pids.includes(pid));
    if (left.length === 0) return;
    if (Date.now() >= until) {
      const which = left.map(({ pid }) => pid).join(' ');
      throw new Error(
        `Pulumi does not stop (process ${which}): kill -KILL ${which}, then run this again: ${forStack('npm run recover')}`,
      );
    }
    await sleep(50);
  }
}
