import { cpSync, mkdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { projectRoot } from '../../settings/stack/projectRoot.ts';

/** The states of the application that the product must fit: as at the playbook's time, and as it is now. */
export const applicationStates = ['playbook', 'newest'] as const;
export type ApplicationState = (typeof applicationStates)[number];

/** Where the twin of the playbook's time stands, whole. */
export function applicationFolder(): string {
  return join(projectRoot(), 'sandbox', 'app');
}

/** Made by installing and building, or there for our own type check alone: no part of the application. */
const notLaid: ReadonlySet<string> = new Set(['node_modules', 'dist', '.netlify', 'out', '.cache']);

function lay(source: string, folder: string, without: ReadonlySet<string>): void {
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !without.has(relative(source, path).split(sep)[0] ?? ''),
  });
}

/** Writes the twin of the application in a state into `folder`, which is made; nothing is installed and nothing committed. */
export function layApplication(state: ApplicationState, folder: string): void {
  mkdirSync(folder, { recursive: true });
  lay(applicationFolder(), folder, notLaid);
  if (state === 'newest') {
    // The files that differ. Their tsconfig.json lets the editor find the others.
    lay(join(projectRoot(), 'sandbox', 'app-newest'), folder, new Set([...notLaid, 'tsconfig.json']));
  }
}
