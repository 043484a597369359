import { VaultError } from '../../secrets/vaultError.ts';
import { DoorError } from '../../services/door/doorError.ts';
import { projectTrouble } from '../../services/supabase/trouble.ts';
import { ServiceError } from '../../services/door/http.ts';
import { isTransientStatus, TransientError } from '../../services/door/retry.ts';
import { broken, Missing, type Diagnosis } from './diagnosis.ts';

/** What an error of a check means: a token that is not there, a service that did not say, or a token that does not do. */
export function thrown(error: unknown): Omit<Diagnosis, 'name'> {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Missing || (error instanceof ServiceError && error.kind === 'no-token')) {
    return { state: 'missing', detail };
  }
  if (saysNothing(error)) return { state: 'unknown', detail: `nothing is known to be wrong with it: ${detail}` };
  return broken(detail);
}

/** Whether the service is in the way, not the token: then nobody is to make a new one. */
function saysNothing(error: unknown): boolean {
  if (error instanceof ServiceError) {
    if (error.kind === 'status') {
      return error.status === 0 || isTransientStatus(error.status) || projectTrouble(error.status) !== undefined;
    }
    // A redirect and an address without TLS are a setting that is wrong.
    return ['rate-limit', 'time-out', 'connection', 'not-json', 'too-large'].includes(error.kind);
  }
  if (error instanceof TransientError) return true;
  if (error instanceof DoorError) return error.mayPass;
  if (error instanceof VaultError) return error.kind === 'no-answer';
  return error instanceof Error && error.cause !== undefined && saysNothing(error.cause);
}
