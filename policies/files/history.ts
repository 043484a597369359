import { blobs, git, type GitOptions } from './git.ts';
import { piecesOf } from './pieces.ts';
import type { Source } from './source.ts';

interface Version {
  readonly hash: string;
  readonly file: string;
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

function* sources(folder: string, versions: readonly Version[], options: GitOptions = {}): Generator<Source> {
  // A hundred at a time: one git process for many small files, without holding a whole history in memory.
  for (let from = 0; from < versions.length; from += 100) {
    const batch = versions.slice(from, from + 100);
    let index = 0;
    for (const bytes of blobs(
      folder,
      batch.map(({ hash }) => hash),
      options,
    )) {
      const version = batch[index++];
      if (!version) return;
      const { file, commit } = version;
      yield { file, ...(commit && { commit }), read: () => piecesOf(bytes) };
    }
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

/** What the next commit would contain: the staged version of every changed file. */
export function stagedSources(folder: string): Iterable<Source> {
  const options = { inHook: true };
  return sources(folder, [...parseRaw(git(folder, ['diff', '--cached', ...rawDiff], options))], options);
}

/** Every version of every file that a commit of the range brought, and the commits' messages: what was added and removed again is found too. */
export function* rangeSources(folder: string, range: string): Generator<Source> {
  if (range.startsWith('-') || !range.includes('..')) throw new Error('--range takes two commits: --range A..B');
  const log = git(folder, [
    'log',
    '--no-show-signature',
    ...rawDiff,
    '-m',
    '--root',
    '--format=%H',
    '--end-of-options',
    range,
    '--',
  ]);
  const seen = new Set<string>();
  const versions = [...parseRaw(log)].filter(({ hash, file }) => {
    const key = `${hash} ${file}`;
    return !seen.has(key) && seen.add(key);
  });
  yield* sources(folder, versions);
  const messages = git(folder, [
    'log',
    '--no-show-signature',
    '-z',
    '--format=%H%n%B',
    '--end-of-options',
    range,
    '--',
  ]).split('\0');
  for (const entry of messages.filter(Boolean)) {
    const commit = entry.slice(0, entry.indexOf('\n'));
    const text = entry.slice(entry.indexOf('\n') + 1);
    yield { file: '(commit message)', commit, read: () => [{ text, line: 0, binary: false }] };
  }
}
