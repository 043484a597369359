import { spawnSync } from 'node:child_process';
import { childEnvironment } from '../launch/childEnvironment.mjs';

/** By these a hook says which index is about to be committed. */
const ofCommit = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
];

/** Settings by which a repository can name a program to run, or a place to fetch from; the command line outranks its own. */
const overruled = [
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.sshCommand=false',
  'diff.external=',
  'log.showSignature=false',
  'protocol.allow=never',
  'submodule.recurse=false',
  'safe.bareRepository=explicit', // a folder that only looks like a repository has no say about what is in it
];
const noHooks = 'core.hooksPath=/dev/null';

/** How git is asked. */
export interface GitOptions {
  readonly input?: string;
  /** Whether a hook may say which index is meant. */
  readonly inHook?: boolean;
  /** Whether git may use the repository's own hooks; only for commands that run none. */
  readonly hooksPath?: boolean;
}

function environment(inHook: boolean): NodeJS.ProcessEnv {
  const kept = (inHook ? ofCommit : []).flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    // No token is among it: git runs in folders of others.
    ...childEnvironment('local'),
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
  };
}

function spawnGit(folder: string, args: readonly string[], options: GitOptions) {
  const { input, inHook = false, hooksPath = false } = options;
  const settings = hooksPath ? overruled : [...overruled, noHooks];
  return spawnSync('git', [...settings.flatMap((setting) => ['-c', setting]), '--no-pager', ...args], {
    cwd: folder,
    input,
    maxBuffer: 2 ** 31 - 1,
    env: environment(inHook),
  });
}

/**
 * Runs git in `folder` and yields what it prints, without any program that the folder's own configuration names. Only for
 * commands that read. Throws with git's own message when it fails.
 */
export function git(folder: string, args: readonly string[], options: GitOptions = {}): string {
  return run(folder, args, options).toString('utf8');
}

function run(folder: string, args: readonly string[], options: GitOptions): Buffer {
  const { status, stdout, stderr, error } = spawnGit(folder, args, options);
  if (error) throw new Error(`git could not be run: ${error.message}`);
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} failed: ${stderr.toString('utf8').trim()}`);
  return stdout;
}

/** The exit code of a command that answers by it, such as `check-ignore`; `undefined` when git could not be run. */
export function gitStatus(folder: string, args: readonly string[]): number | undefined {
  return spawnGit(folder, args, {}).status ?? undefined;
}

/** The entries of a NUL-separated list; `undefined` when `folder` is in no repository. */
export function gitLists(folder: string, args: readonly string[], options: GitOptions = {}): string[] | undefined {
  const { status, stdout } = spawnGit(folder, args, options);
  return status === 0 ? stdout.toString('utf8').split('\0').filter(Boolean) : undefined;
}

/** The sizes of objects, in bytes, by one git process; one that this clone does not hold has none. */
export function sizes(folder: string, hashes: readonly string[], options: GitOptions = {}): Map<string, number> {
  if (hashes.length === 0) return new Map();
  const args = ['cat-file', '--batch-check=%(objectname) %(objectsize)', '--buffer'];
  const lines = git(folder, args, { ...options, input: `${hashes.join('\n')}\n` }).split('\n');
  const known = lines.map((line) => /^([0-9a-f]+) (\d+)$/.exec(line)).filter((match) => match !== null);
  return new Map(known.map(([, hash = '', size]) => [hash, Number(size)]));
}

/** The contents of many objects by one git process, in the order asked. */
export function* blobs(
  folder: string,
  hashes: readonly string[],
  options: GitOptions = {},
): Generator<Buffer, undefined> {
  if (hashes.length === 0) return undefined;
  const output = run(folder, ['cat-file', '--batch'], { ...options, input: `${hashes.join('\n')}\n` });
  let at = 0;
  for (const hash of hashes) {
    const lineEnd = output.indexOf(10, at);
    const size = Number(/ blob (\d+)$/.exec(output.toString('utf8', at, lineEnd))?.[1] ?? NaN);
    if (Number.isNaN(size)) throw new Error(`git has no content for object ${hash}`);
    yield output.subarray(lineEnd + 1, lineEnd + 1 + size);
    at = lineEnd + 1 + size + 1;
  }
  return undefined;
}
