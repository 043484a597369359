import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The folder with the configuration that tests are written for: the stack's own file is its team's to change. */
export const fixtureRoot = join(process.cwd(), 'test', 'fixture');

/** The configuration of {@link fixtureRoot}. */
export const fixtureFile = join(fixtureRoot, 'Pulumi.staging.yaml');

/** Copies that configuration, Pulumi.yaml, and other files of this project, into a folder. */
export function copyFixture(folder: string, ...more: readonly string[]): void {
  for (const file of ['Pulumi.yaml', fixtureFile, ...more]) cpSync(file, join(folder, basename(file)));
}
