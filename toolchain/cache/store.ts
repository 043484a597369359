import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { withLock, type LockOptions } from '../../machine/lock.ts';
import { ToolchainError } from '../toolchain.ts';

/** Names every file of a finished folder with its size, so that a damaged one is noticed without reading it. */
const MANIFEST = 'complete.json';

/** Whether a file of a finished folder is what somebody put there, and not the store's own note. */
export function isContent(file: string): boolean {
  return basename(file) !== MANIFEST;
}

/** Folders of other versions go after this long without use. */
const KEEP_DAYS = 21;

/** Folders in the cache that are either complete or not there, whoever else works on them and whenever somebody is killed. */
export class Store {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The complete folder of this key, or undefined when it is missing or damaged. */
  find(key: string): string | undefined {
    const folder = join(this.#folder, key);
    if (!isComplete(folder)) return undefined;
    markUsed(folder);
    return folder;
  }

  /** The folder of this key: the one that is there, or the one that `fill` makes. Two runs at once make it once. */
  async ensure(key: string, lock: LockOptions, fill: (draft: string) => Promise<void>): Promise<string> {
    const ready = this.find(key);
    if (ready !== undefined) return ready;
    openFolder(this.#folder);
    return await withLock(join(this.#folder, `${key}.lock`), lock, async () => {
      const byAnother = this.find(key);
      if (byAnother !== undefined) return byAnother;
      this.#sweep(key);
      const draft = join(this.#folder, `${key}.draft-${process.pid}`);
      mkdirSync(draft, { recursive: true });
      try {
        await fill(draft);
        writeFileSync(join(draft, MANIFEST), JSON.stringify(sizes(draft)));
        const folder = join(this.#folder, key);
        renameSync(draft, folder);
        return folder;
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    });
  }

  /** Removes what a killed run left of this key, a damaged folder, and folders that were not used for weeks. */
  #sweep(key: string): void {
    const old = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const ours = name === key || name.startsWith(`${key}.draft-`);
      if (ours || (/^[a-z]+-[0-9a-f]{16}$/.test(name) && lastUse(path) < old))
        rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Makes the cache folder when there is none. Throws a `ToolchainError` when nothing can be written there. */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ToolchainError(
      `The cache folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      'Choose another one by its whole path: XDG_CACHE_HOME=/path/to/a/folder',
      { cause: error },
    );
  }
}

/** Notes the use by the manifest's time, at most once a day. */
function markUsed(folder: string): void {
  const day = 24 * 3600 * 1000;
  if (lastUse(folder) < Date.now() - day) utimesSync(join(folder, MANIFEST), new Date(), new Date());
}

function lastUse(folder: string): number {
  try {
    return statSync(join(folder, MANIFEST)).mtimeMs;
  } catch {
    return 0;
  }
}

function sizes(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const pairs = files.map((file) => [file, statSync(join(folder, file))] as const);
  return Object.fromEntries(pairs.filter(([, stat]) => stat.isFile()).map(([file, stat]) => [file, stat.size]));
}

function isComplete(folder: string): boolean {
  try {
    const listed = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Record<string, number>;
    return Object.entries(listed).every(([file, size]) => statSync(join(folder, file)).size === size);
  } catch {
    return false; // missing, cut short, or a file is gone
  }
}
