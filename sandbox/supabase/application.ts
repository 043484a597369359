import { join } from 'node:path';
import { projectRoot } from '../../settings/projectRoot.ts';

/** The states of the application that the sandbox plays: as the playbook describes it, and as it is today. */
export const applicationStates = ['playbook', 'newest'] as const;

export type ApplicationState = (typeof applicationStates)[number];

/** The folders of the application in a state, each laid over the one before. */
export function applicationFolders(state: ApplicationState): string[] {
  const folders = state === 'playbook' ? ['app'] : ['app', 'appNewest'];
  return folders.map((folder) => join(projectRoot(), 'sandbox', folder));
}

/** The folders of the migrations that make the application's tables. */
export function applicationMigrations(state: ApplicationState = 'playbook'): string[] {
  return applicationFolders(state).map((folder) => join(folder, 'supabase', 'migrations'));
}
