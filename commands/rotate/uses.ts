import type { Used } from '../../rotation/ports.ts';
import type { Secret } from '../../secrets/secret.ts';
import { VaultError } from '../../secrets/vaultError.ts';
import { ServiceError, type Api } from '../../services/door/http.ts';
import type { ProjectKey } from '../../services/supabase/apiKeys.ts';
import { keyUses, newestLine, UnknownUseError } from '../../services/supabase/keyUses.ts';

/** Where the project's logs are asked. */
export interface Logs {
  readonly ref: string;
  readonly management: () => Promise<Api>;
  /** The project's keys as they are, or were: one that is gone is recognised by what the list had. */
  readonly listed: () => Promise<readonly ProjectKey[]>;
}

/** The requests that came with keys since a moment (ISO 8601), or in one line why Supabase does not say it. */
export async function usesOf({ ref, management, listed }: Logs, keys: readonly Secret[], since: string): Promise<Used> {
  const now = Date.now();
  try {
    const api = await management();
    const newest = await newestLine(api, ref, now);
    const found = await keyUses(api, ref, keys, await listed(), { since: Date.parse(since), until: now });
    return { ...found, newest: newest === undefined ? undefined : new Date(newest).toISOString() };
  } catch (error) {
    if (error instanceof UnknownUseError)
      return { unknown: `Supabase cannot say it: ${error.message}.`, isPassing: false };
    if (error instanceof VaultError || error instanceof ServiceError)
      return { unknown: `Supabase’s logs cannot be read: ${error.message}`, isPassing: isPassing(error) };
    throw error;
  }
}

/** What has no right, no plan or another form today has none tomorrow; a service that is down or busy comes back. */
function isPassing(error: ServiceError | VaultError): boolean {
  if (error instanceof VaultError) return true;
  const { kind, status } = error;
  if (kind === 'status') return status >= 500 || status === 408 || status === 425;
  return !['plan', 'no-token', 'form'].includes(kind);
}
