import { blobs, git, sizes, type GitOptions } from './git.ts';
import { nothing, piecesOf } from './pieces.ts';
import type { Source } from './source.ts';

/** A file as one commit (or the index) has it. */
export interface Version {
  readonly hash: string;
  readonly file: string;
  /** The commit that brought it; none for the index. */
  readonly commit?: string;
}

/** Reads `git diff --raw -z` and `git log --raw -z`: `:modes hashes status NUL path NUL`; a commit's line stands between. */
function* parseRaw(output: string): Generator<Version> {
  const fields = output.split('\0');
  let commit: string | undefined;
  for (let i = 0; i < fields.length; i++) {
    const field = (fields[i] ?? '').replace(/^\n+/, '');
    if (/^[0-9a-f]{40,64}$/.test(field)) commit = field;
    const change = /^:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(field);
    if (!change) continue;
    const file = fields[++i] ?? '';
    const [, mode, hash = ''] = change;
    if (mode !== '160000' && !/^0+$/.test(hash)) yield { hash, file, ...(commit && { commit }) };
  }
}

/** One git process reads this much at a time: many small files at once, without a whole history in memory. */
const batch = { files: 100, bytes: 32 * 1024 * 1024 };

/** An object of this size, in bytes, is not read: git hands it out in one piece. */
const objectLimit = 1024 * 1024 * 1024;

/** How contents are read. */
interface Reading extends GitOptions {
  /** Whether a content that this clone does not hold is only said to be missing. Default: it is an error. */
  readonly incomplete?: boolean;
}

/** The contents of versions, in their order. One that cannot be read is a source that says why. */
export function* sources(folder: string, versions: readonly Version[], options: Reading = {}): Generator<Source> {
  const bytes = sizes(
    folder,
    versions.map(({ hash }) => hash),
    options,
  );
  const lost = versions.find(({ hash }) => !bytes.has(hash));
  if (lost && options.incomplete !== true) throw new Error(`git has no content for object ${lost.hash}`);
  const sizeOf = ({ hash }: Version) => bytes.get(hash) ?? Infinity;
  for (let from = 0; from < versions.length;) {
    let to = from;
    for (let sum = 0; to < versions.length && to - from < batch.files; to++) {
      const version = versions[to];
      const size = version ? sizeOf(version) : 0;
      if (size < objectLimit && to > from && sum + size > batch.bytes) break;
      if (size < objectLimit) sum += size;
    }
    const group = versions.slice(from, to);
    const readable = group.filter((version) => sizeOf(version) < objectLimit);
    const contents = blobs(
      folder,
      readable.map(({ hash }) => hash),
      options,
    );
    for (const version of group) {
      const { file, hash, commit } = version;
      const unread = bytes.has(hash) ? 'it is larger than 1 GiB' : 'this clone does not hold it (git fetch brings it)';
      const content = sizeOf(version) < objectLimit ? contents.next().value : undefined;
      const read = () => (content ? piecesOf(content) : [nothing(unread)]);
      yield { file, ...(commit && { commit }), read };
    }
    from = to;
  }
}

const rawDiff = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=all',
  '--diff-filter=ACMT',
];

/** How git lists the versions that commits brought: those of a range, or of everything that a reference leads to. */
const versionsOf = (folder: string, which: readonly string[]) => [
  ...parseRaw(git(folder, ['log', '--no-show-signature', ...rawDiff, '-m', '--root', '--format=%H', ...which, '--'])),
];

/** The messages of commits, each as a source. */
function* messages(folder: string, which: readonly string[]): Generator<Source> {
  const log = git(folder, ['log', '--no-show-signature', '-z', '--format=%H%n%B', ...which, '--']);
  for (const entry of log.split('\0').filter(Boolean)) {
    const commit = entry.slice(0, entry.indexOf('\n'));
    const text = entry.slice(entry.indexOf('\n') + 1);
    yield { file: '(commit message)', commit, read: () => [{ text, line: 0, binary: false }] };
  }
}

/** What the next commit would contain: the staged version of every changed file. */
export function stagedSources(folder: string): Iterable<Source> {
  const options = { inHook: true };
  return sources(folder, [...parseRaw(git(folder, ['diff', '--cached', ...rawDiff], options))], options);
}

/** Every version of every file that a commit of the range brought, and the commits' messages: what was added and removed again is found too. */
export function* rangeSources(folder: string, range: string): Generator<Source> {
  if (range.startsWith('-') || !range.includes('..')) throw new Error('--range takes two commits: --range A..B');
  const which = ['--end-of-options', range];
  const seen = new Set<string>();
  const versions = versionsOf(folder, which).filter(({ hash, file }) => {
    const key = `${hash} ${file}`;
    return !seen.has(key) && seen.add(key);
  });
  yield* sources(folder, versions);
  yield* messages(folder, which);
}

/** Everything that a branch, a tag or a stash leads to, oldest first; or what was pushed, as far as this clone has heard of it. */
const reachable = { everything: ['--all', '--reverse'], pushed: ['--remotes', '--reverse'] } as const;
const { everything } = reachable;

/**
 * Every content that the history of a repository ever held, once, with the commit and the path under which it came first: a
 * file that many commits and branches share is one version. And every path that ever was.
 */
export function everyVersion(folder: string): { readonly versions: Version[]; readonly paths: Set<string> } {
  const seen = new Set<string>();
  const all = versionsOf(folder, everything);
  const versions = all.filter(({ hash }) => !seen.has(hash) && seen.add(hash));
  return { versions, paths: new Set(all.map(({ file }) => file)) };
}

/** The commit with which each content first came to a branch of another repository, by the content's hash, as this clone knows it. */
export function pushedContents(folder: string): ReadonlyMap<string, string> {
  const firsts = new Map<string, string>();
  for (const { hash, commit } of versionsOf(folder, reachable.pushed))
    if (commit !== undefined && !firsts.has(hash)) firsts.set(hash, commit);
  return firsts;
}

/** The messages of all commits, oldest first. */
export function everyMessage(folder: string): Iterable<Source> {
  return messages(folder, everything);
}
