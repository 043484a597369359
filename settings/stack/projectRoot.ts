import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with Pulumi.yaml, from `start` upwards. Throws when there is none: the command was run somewhere else. */
export function projectRoot(start: string = process.cwd()): string {
  const root = projectAround(start);
  if (root === undefined)
    throw new Error(`No Pulumi.yaml in ${start} or above it. Run this command inside the project's folder.`);
  return root;
}

/** The same, or `undefined` elsewhere: in the application's repository, where some commands run too. */
export function projectAround(start: string = process.cwd()): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
