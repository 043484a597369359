import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository's root: the nearest folder with Pulumi.yaml, from the working directory upwards. */
export function projectRoot(): string {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'Pulumi.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No Pulumi.yaml here or above: run this inside the repository.');
    folder = parent;
  }
  return folder;
}
