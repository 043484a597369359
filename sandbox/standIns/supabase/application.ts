import { join } from 'node:path';
import { projectRoot } from '../../../settings/stack/projectRoot.ts';
import type { ApplicationState } from '../../application/layApplication.ts';

/** The folders of the migrations that make the application's tables in a state, to be applied over one another. */
export function applicationMigrations(state: ApplicationState = 'playbook'): string[] {
  const folders = state === 'playbook' ? ['app'] : ['app', 'app-newest'];
  return folders.map((folder) => join(projectRoot(), 'sandbox', folder, 'supabase', 'migrations'));
}
