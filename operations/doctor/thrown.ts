import { ServiceError } from '../../services/http.ts';
import { VaultError } from '../../secrets/vaultError.ts';
import { isTransientStatus } from '../retry.ts';
import { broken, Missing, type Diagnosis } from './diagnosis.ts';

/** What an error of a check means: a token that is not there, a service that did not say, or a token that does not do. */
export function thrown(error: unknown): Omit<Diagnosis, 'name'> {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof Missing || /is not set|No key/.test(detail)) return { state: 'missing', detail };
  if (saysNothing(error)) return { state: 'unknown', detail: `nothing is known to be wrong with it: ${detail}` };
  return broken(detail);
}

/** Whether the service is in the way, not the token: then nobody is to make a new one. */
function saysNothing(error: unknown): boolean {
  if (error instanceof ServiceError) return error.status === 0 || isTransientStatus(error.status);
  if (error instanceof VaultError) return vaultSaysNothing.test(error.message);
  return error instanceof Error && error.cause !== undefined && saysNothing(error.cause);
}

/** How the summary of a {@link VaultError} begins when 1Password did not come to the question (secrets/vaultError.ts). */
const vaultSaysNothing = /^1Password(?: cannot be reached| gave no answer| failed|’s rate limit)/;
