import type { Api } from '../door/http.ts';
import { projectStatus } from './management.ts';

/** What a state of a Supabase project means that does not pass by itself, with the fix; nobody waits for it. */
const ended: Readonly<Record<string, string>> = {
  INACTIVE: 'it is paused, so its database is down. Restore it in the dashboard, then run this again',
  PAUSED: 'it is paused, so its database is down. Restore it in the dashboard, then run this again',
  PAUSING: 'it is being paused. Restore it in the dashboard, then run this again',
  PAUSE_FAILED: 'pausing it failed. See the dashboard, or ask Supabase',
  GOING_DOWN: 'it is being removed',
  REMOVED: 'it was removed',
  INIT_FAILED: 'it could not be set up. See its log in the dashboard',
  RESTORE_FAILED:
    'the restore failed. See the dashboard: Database → Backups; ask Supabase before anything else is tried',
};

/** Why a project in this state will not become healthy by itself; `undefined` when waiting may help. */
export function whyNotWaiting(status: string): string | undefined {
  return ended[status];
}

/** Throws where the project is in a state in which its database cannot be used, and which does not pass by itself. */
export async function requireUsable(api: Api, ref: string): Promise<void> {
  const status = await projectStatus(api, ref);
  const why = whyNotWaiting(status);
  if (why !== undefined) throw new Error(`The project ${ref} cannot be used (${status}): ${why}. Nothing was done.`);
}
