import { spawnSync } from 'node:child_process';

/** Whether the repository's rules keep a path out of its commits. Outside of a repository nothing does. */
export function ignoredByGit(folder: string, path: string): boolean {
  return spawnSync('git', ['check-ignore', '--quiet', '--', path], { cwd: folder, stdio: 'ignore' }).status === 0;
}
