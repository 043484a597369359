import { positionsIn } from '../detection/text/position.ts';
import { diskSources } from '../files/disk.ts';
import { git, gitLists, gitStatus } from '../files/git.ts';
import { everyMessage, everyVersion, pushedContents, sources } from '../files/history.ts';
import { safePath } from '../files/scanSources.ts';
import type { Source } from '../files/source.ts';
import type { Find } from './locate.ts';

/** A commit, and the moment that it gives. */
interface Commit {
  readonly id: string;
  /** ISO 8601; who commits can give any. */
  readonly date: string;
}

/** Where one value stands and stood in one folder, and how far it may have come. */
export interface Exposure {
  readonly folder: string;
  /** Where it stands on disk now: `file:line`. */
  readonly standsIn: readonly string[];
  /** The commit that brought it; `undefined`: none did. */
  readonly since: (Commit & { readonly file: string }) | undefined;
  /** The first of its commits that another repository has, as far as this clone knows; `undefined`: none. */
  readonly pushed: (Commit & { readonly branches: readonly string[] }) | undefined;
  /** Whether older commits, which this clone lacks, may have it. */
  readonly isShallow: boolean;
}

interface Traces {
  readonly standsIn: string[];
  /** Its commits, oldest first, with the file. */
  readonly commits: { readonly id: string; readonly file: string; readonly hash: string | undefined }[];
}

const breath = () => new Promise((resolve) => setImmediate(resolve));
const contentsABreath = 50;

/**
 * Looks for known values in everything below a folder and in everything that its history ever held. Yields for each value that
 * is anywhere how far it may have come, by its name. `unread` is called with what could not be read.
 */
export async function exposures(
  folder: string,
  find: Find,
  unread: (file: string, why: string) => void = () => undefined,
): Promise<ReadonlyMap<string, Exposure>> {
  const traces = new Map<string, Traces>();
  const traceOf = (name: string) => {
    const known = traces.get(name) ?? { standsIn: [], commits: [] };
    traces.set(name, known);
    return known;
  };
  let count = 0;
  for (const source of diskSources(folder)) {
    if (++count % contentsABreath === 0) await breath();
    for (const [name, line] of placesIn(source, find, unread))
      traceOf(name).standsIn.push(`${safePath(source.file, (text) => [...find(text)])}:${line}`);
  }
  const isRepository = gitStatus(folder, ['rev-parse', '--is-inside-work-tree']) === 0;
  if (isRepository) {
    const { versions } = everyVersion(folder);
    let index = 0;
    for (const source of sources(folder, versions, { incomplete: true })) {
      const { hash } = versions[index++] ?? {};
      for (const [name] of placesIn(source, find, unread)) noteCommit(traceOf(name), source, hash, find);
      if (index % contentsABreath === 0) await breath();
    }
    for (const source of everyMessage(folder))
      for (const [name] of placesIn(source, find, unread)) noteCommit(traceOf(name), source, undefined, find);
  }
  return new Map([...traces].map(([name, found]) => [name, exposureOf(folder, found, isRepository)]));
}

/** Whether a clone lacks older commits. */
export function isShallow(folder: string): boolean {
  return gitLists(folder, ['rev-parse', '--is-shallow-repository'])?.[0]?.trim() === 'true';
}

function noteCommit({ commits }: Traces, { file, commit }: Source, hash: string | undefined, find: Find): void {
  if (commit !== undefined) commits.push({ id: commit, file: safePath(file, (text) => [...find(text)]), hash });
}

/** The values of a source, each with the first line that has it; the name of a file counts as its first line. */
function placesIn(source: Source, find: Find, notRead: (file: string, why: string) => void): Map<string, number> {
  const places = new Map(find(source.file).map(({ name }) => [name, 1]));
  for (const { text, line, binary, unread } of source.read()) {
    if (unread !== undefined) notRead(source.file, unread);
    const positions = positionsIn(text);
    for (const { name, start } of find(text))
      if (!places.has(name)) places.set(name, binary ? 1 : line + positions(start).line);
  }
  return places;
}

function exposureOf(folder: string, { standsIn, commits }: Traces, isRepository: boolean): Exposure {
  const [first] = isRepository ? oldestFirst(folder, commits) : [];
  return {
    folder,
    standsIn,
    since: first && { ...commitOf(folder, first.id), file: first.file },
    pushed: isRepository ? pushedOf(folder, commits) : undefined,
    isShallow: isRepository && isShallow(folder),
  };
}

/** Messages are looked through after files. */
function oldestFirst(folder: string, commits: Traces['commits']): Traces['commits'] {
  if (commits.length < 2) return commits;
  const order = git(folder, ['rev-list', '--all', '--reverse']).split('\n');
  return [...commits].sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
}

/** A content that was pushed with another commit than the one that brought it here counts as well. */
function pushedOf(folder: string, commits: Traces['commits']): Exposure['pushed'] {
  if (commits.length === 0) return undefined;
  const contents = pushedContents(folder);
  const pushed = git(folder, ['rev-list', '--remotes', '--reverse']).split('\n');
  const theirs = new Set(
    commits.flatMap(({ id, hash }) => {
      const other = hash === undefined ? undefined : contents.get(hash);
      return [...(pushed.includes(id) ? [id] : []), ...(other === undefined ? [] : [other])];
    }),
  );
  const first = pushed.find((id) => theirs.has(id));
  if (first === undefined) return undefined;
  const branches = ['for-each-ref', '--format=%(refname:short)%00', `--contains=${first}`, 'refs/remotes'];
  const names = (gitLists(folder, branches) ?? []).map((name) => name.trim()).filter((name) => name !== '');
  return { ...commitOf(folder, first), branches: names.filter((name) => !/^[^/]+$|\/HEAD$/.test(name)) };
}

function commitOf(folder: string, id: string): Commit {
  return { id, date: git(folder, ['show', '--no-patch', '--format=%cI', id]).trim() };
}
