import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';

/** The process of the `pulumi` that runs this program, as far as the system shows it. */
export interface EngineProcess {
  /** Without the program's own name. */
  readonly args: readonly string[];
  /** What it was started with; empty where the system does not show it. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

interface Process {
  readonly parent: number;
  readonly args: readonly string[];
}

/**
 * The engine that runs this program: it passes everything to a program but how much it logs. `undefined` where the system
 * does not show other processes (Windows), and outside of a run.
 */
export function engineProcess(): EngineProcess | undefined {
  let pid = process.ppid;
  let parentIsEngine = false;
  // The program's parent is the language host, whose parent is the engine; a shell may stand between.
  for (let generation = 0; generation < 5 && pid > 1; generation++) {
    const { parent, args } = processOf(pid);
    const [name = '', ...rest] = args;
    // By its child, whatever the engine's own file is called; by its name where the host is somebody's own.
    if (parentIsEngine || /^pulumi(\.exe)?$/.test(basename(name))) return { args: rest, env: environmentOf(pid) };
    parentIsEngine = basename(name).startsWith('pulumi-language-');
    pid = parent;
  }
  return undefined;
}

/** Whether `pid` is this process's parent, or a parent of that; `undefined` where the system does not say. */
export function isAncestor(pid: number): boolean | undefined {
  if (process.platform === 'win32') return undefined;
  let each = process.ppid;
  for (let generation = 0; generation < 12 && each > 1; generation++) {
    if (each === pid) return true;
    each = processOf(each).parent;
  }
  return false;
}

function processOf(pid: number): Process {
  try {
    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return { parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0), args: nulList(`/proc/${pid}/cmdline`) };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], {
      env: childEnvironment('local'),
      encoding: 'utf8',
    }).trim();
    const [parent = '', ...words] = line.split(/\s+/);
    // `ps` shows no borders between arguments: a `--` may be part of a message, and must hide nothing that follows it.
    return { parent: Number(parent), args: words.filter((word) => word !== '--') };
  } catch {
    return { parent: 0, args: [] }; // it has ended, or the system has no such thing
  }
}

function environmentOf(pid: number): NodeJS.ProcessEnv {
  if (process.platform !== 'linux') return {};
  try {
    const entries = nulList(`/proc/${pid}/environ`).map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)] as const;
    });
    return Object.fromEntries(entries);
  } catch {
    return {}; // another user's process
  }
}

/** A file of texts that each end with a NUL: the arguments and variables of a process. */
function nulList(file: string): string[] {
  return readFileSync(file, 'utf8').split('\0').slice(0, -1);
}
