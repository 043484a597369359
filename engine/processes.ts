import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { childEnvironment } from '../launch/childEnvironment.mjs';

/** A process of this machine, as far as the machine says. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its process group: a signal to it reaches what the process has started, too. */
  readonly group: number;
  /** Who it belongs to. */
  readonly user: number;
  /** The program's name, without its folder. */
  readonly program: string;
  readonly args: readonly string[];
  /** The folder that it works in; `undefined` where the machine does not say. */
  readonly folder: string | undefined;
  /** The Pulumi project that the engine started it for; `undefined` where the machine does not say, or none did. */
  readonly project: string | undefined;
}

/** Every process: from `/proc` where there is one (Linux), else by `ps`, which names no folder and no project. */
export function processes(proc = '/proc'): Process[] {
  const pids = numbersIn(proc);
  return pids.length > 0 ? pids.flatMap((pid) => ofProc(proc, pid)) : byPs();
}

/** A process with everything that it started, it first. The engine puts its plugins into groups of their own. */
export function treeOf(root: number, all: readonly Pick<Process, 'pid' | 'parent'>[] = processes()): number[] {
  const tree = [root];
  for (const pid of tree) tree.push(...all.filter(({ parent }) => parent === pid).map((child) => child.pid));
  return tree;
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** One process of `/proc`; none when it has ended meanwhile. What may not be read (another user's) is not known. */
function ofProc(proc: string, pid: number): Process[] {
  const folder = `${proc}/${pid}`;
  try {
    const stat = readFileSync(`${folder}/stat`, 'utf8');
    // The name in brackets may hold anything, brackets too: what counts comes after the last one.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return []; // it has ended, and nobody has asked how
    const [program = '', ...args] = readFileSync(`${folder}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return [
      {
        pid,
        parent: Number(parent),
        group: Number(group),
        user: statSync(folder).uid,
        program: basename(program),
        args,
        folder: known(() => readlinkSync(`${folder}/cwd`)),
        project: known(() => projectIn(readFileSync(`${folder}/environ`, 'utf8'))),
      },
    ];
  } catch {
    return [];
  }
}

/** Only this one name is looked for: an environment may hold credentials. */
function projectIn(environment: string): string | undefined {
  const name = 'PULUMI_PROJECT=';
  return environment
    .split('\0')
    .find((each) => each.startsWith(name))
    ?.slice(name.length);
}

function known<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function byPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,uid=,args='], {
    env: childEnvironment('local'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return lines.split('\n').flatMap(ofPsLine);
}

/** One line of `ps -o pid=,ppid=,pgid=,uid=,args=`; none for an empty one. */
export function ofPsLine(line: string): Process[] {
  const [pid, parent, group, user, program, ...args] = line.trim().split(/\s+/);
  if (program === undefined) return [];
  const [first = 0, second = 0, third = 0, fourth = 0] = [pid, parent, group, user].map(Number);
  return [
    {
      pid: first,
      parent: second,
      group: third,
      user: fourth,
      program: basename(program),
      args,
      folder: undefined,
      project: undefined,
    },
  ];
}
