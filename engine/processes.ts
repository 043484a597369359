import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { childEnvironment } from '../launch/childEnvironment.mjs';

/** A process of this machine, as far as the machine says. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its process group: a signal to it reaches what the process has started, too. */
  readonly group: number;
  /** Its session, named by the process that began it; `undefined` where the machine does not say. */
  readonly session: number | undefined;
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

/**
 * The processes that a command was started through, up to npm: the launcher on an older Node, the shell, npm. Whoever ends
 * one of them means the command, and not each of them hands that on. A person's own shell is none: a command may outlive it.
 */
export function launchers(pid = process.pid, of: (pid: number) => Process | undefined = processOf): number[] {
  const chain: number[] = [];
  for (let next = of(of(pid)?.parent ?? 0); next; next = of(next.parent)) {
    const isShell = shells.includes(next.program) && next.args[0] === '-c' && isNpm(of(next.parent));
    if (!isShell && !isNpm(next) && !isOwn(next)) break;
    chain.push(next.pid);
  }
  return chain;
}

const shells = ['sh', 'bash', 'dash', 'zsh'];

function isNpm(process: Process | undefined): boolean {
  if (!process) return false;
  const script = basename(process.args[0] ?? '');
  return process.program === 'npm' || script === 'npm' || script === 'npm-cli.js';
}

function isOwn({ args }: Process): boolean {
  return args.some((arg) => arg.endsWith(join('launch', 'command.mjs')));
}

function processOf(pid: number): Process | undefined {
  const [first] = ofProc('/proc', pid);
  return first ?? (numbersIn('/proc').length > 0 ? undefined : byPs().find((each) => each.pid === pid));
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
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return []; // it has ended, and its parent has not asked how
    const [program = '', ...args] = readFileSync(`${folder}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return [
      {
        pid,
        parent: Number(parent),
        group: Number(group),
        session: Number(session),
        user: statSync(folder).uid,
        // npm names its process by its call, which may hold a path.
        program: program.startsWith('npm ') ? 'npm' : basename(program),
        args,
        folder: known(() => readlinkSync(`${folder}/cwd`)),
        project: known(() => projectIn(readFileSync(`${folder}/environ`, 'utf8'))),
      },
    ];
  } catch {
    return [];
  }
}

/** Only this one name is read: an environment may hold credentials. */
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
      session: undefined,
      user: fourth,
      program: basename(program),
      args,
      folder: undefined,
      project: undefined,
    },
  ];
}
