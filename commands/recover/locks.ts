import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { runs } from '../../machine/runs.ts';
import { sidecar } from '../../engine/sidecars.ts';
import { stackName } from '../../settings/stack/stackFile.ts';

/** Who holds a lock, as far as this machine can see. */
type LockOwner =
  /** The process ran here and is gone. */
  | 'dead'
  /** A process with this id runs here. */
  | 'running'
  /** It ran on another machine. */
  | 'elsewhere'
  /** The file does not say. */
  | 'unknown';

/** One lock of a stack. */
export interface StackLock {
  /** The file, or its address in a shared state. */
  readonly file: string;
  readonly owner: LockOwner;
  readonly pid: number | undefined;
  readonly host: string | undefined;
  readonly user: string | undefined;
  /** When it was taken (ISO 8601). */
  readonly since: string | undefined;
  /** All that it says: to see later that it is still the same lock. */
  readonly content: string;
}

/** Pulumi writes a lock in one go; a file without content that is older than this was cut short by a kill. */
const writtenWithinMs = 60_000;

/** The locks of a stack whose state is in a folder. Pulumi keeps them in `.pulumi/locks/organization/PROJECT/STACK/ID.json`, of old in `.pulumi/locks/STACK/`. */
export function lockFiles(folder: string, project: string, stack: string, alive = isAlive): StackLock[] {
  const locks = join(folder, '.pulumi', 'locks');
  return [join(locks, 'organization', project, stackName(stack)), join(locks, stackName(stack))].flatMap((directory) =>
    filesIn(directory).flatMap((file) => lockIn(file, alive)),
  );
}

/** Takes a dead owner's lock file away; `false` when it is another lock by now. */
export function removeLock({ file, content, owner }: StackLock): boolean {
  if (owner !== 'dead') throw new Error(`The owner of ${file} is not dead.`);
  if (readIfThere(file) !== content) return false;
  for (const each of [file, `${file}${sidecar}`]) rmSync(each, { force: true });
  return true;
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(sidecar))
      .map(({ name }) => join(directory, name));
  } catch {
    return [];
  }
}

function lockIn(file: string, alive: (pid: number) => boolean): StackLock[] {
  const content = readIfThere(file);
  if (content === undefined) return [];
  const { pid, hostname: host, username: user, timestamp: since } = parsed(content);
  const known = { file, pid, host, user, since, content };
  if (pid === undefined || host === undefined) {
    const old = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > writtenWithinMs;
    return [{ ...known, owner: content.trim() === '' && old ? 'dead' : 'unknown' }];
  }
  return [{ ...known, owner: host !== hostname() ? 'elsewhere' : alive(pid) ? 'running' : 'dead' }];
}

interface LockContent {
  readonly pid?: number;
  readonly hostname?: string;
  readonly username?: string;
  readonly timestamp?: string;
}

function parsed(content: string): LockContent {
  try {
    return (JSON.parse(content) ?? {}) as LockContent;
  } catch {
    return {};
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A lock that names no process is left alone, as one whose owner runs. */
export function isAlive(pid: number): boolean {
  return !Number.isInteger(pid) || pid <= 0 || runs(pid);
}
