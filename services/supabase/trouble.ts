import { pausedStatus } from '../door/retry.ts';

/**
 * What Supabase means by a status that says of the project itself, whatever was asked, and what helps; `undefined` for any
 * other status. Source: its guide to HTTP status codes. Neither passes by itself.
 */
export function projectTrouble(status: number): string | undefined {
  if (status === pausedStatus) {
    return 'The project is paused, so that nothing of it answers, production’s database included. Restore it in Supabase’s dashboard, then run it again.';
  }
  if (status === 402) {
    return 'Supabase restricts the project’s requests, for its usage or an unpaid bill. See the organisation’s usage and billing in its dashboard.';
  }
  return undefined;
}
