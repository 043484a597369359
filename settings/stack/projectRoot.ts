import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder with Pulumi.yaml, from `start` upwards. Throws when there is none: the command was run somewhere else. */
export function projectRoot(start: string = process.cwd()): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml'))) return folder;
    if (folder === dirname(folder)) {
      throw new Error(`No Pulumi.yaml in ${start} or above it. Run this command inside the project's folder.`);
    }
  }
}
