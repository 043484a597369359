import { gitStatus } from '../../files/git.ts';

/** Whether the repository's rules keep a path out of its commits. Outside of a repository nothing does. */
export function ignoredByGit(folder: string, path: string): boolean {
  return gitStatus(folder, ['check-ignore', '--quiet', '--', path]) === 0;
}
