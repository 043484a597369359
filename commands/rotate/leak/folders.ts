import { gitLists } from '../../../files/git.ts';
import type { Row } from '../../../leaks/rows.ts';
import { applicationOf, calledFrom } from '../prepare.ts';
import type { Given } from '../given.ts';

/**
 * Where leaks are looked for: this repository, the one from which the command was called, and the application's, each as a
 * whole and once.
 */
export function foldersOf(root: string, given: Pick<Given, 'app'>): string[] {
  const application = applicationOf(given);
  const called = topOf(calledFrom());
  const all = [
    ...(application === undefined ? [] : [topOf(application) ?? application]),
    topOf(root) ?? root,
    ...(called === undefined ? [] : [called]),
  ];
  return [...new Set(all)];
}

/** These, and the repositories in which something was found elsewhere. */
export function withFoldersOf(folders: readonly string[], found: readonly Pick<Row, 'folder'>[]): string[] {
  const others = found.flatMap(({ folder }) => (folder === undefined ? [] : [topOf(folder) ?? folder]));
  return [...new Set([...folders, ...others])];
}

/** The top of the repository that holds a folder. */
function topOf(folder: string): string | undefined {
  return gitLists(folder, ['rev-parse', '--show-toplevel'])?.[0]?.trim();
}
