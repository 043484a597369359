import { createClient, type PostgrestError } from '@supabase/supabase-js';
import type { DoorError } from '../../../services/door/doorError.ts';
import { sdkFetch } from '../../../services/door/sdkFetch.ts';
import { projectTrouble } from '../../../services/supabase/trouble.ts';
import { TransientError } from '../../../services/door/retry.ts';
import type { FailureClass } from '../../../deploys/smokeAnnotation.ts';
import { CheckFailure, type Check } from '../check.ts';
import { usedKey, type Target } from '../target.ts';

/** A client, and how its failures are reported: what may pass by itself is tried again by the check, not by supabase-js. */
function connect(target: Target) {
  let trouble: TransientError | DoorError | undefined;
  const client = createClient(target.supabaseUrl, usedKey(target), {
    auth: { persistSession: false, autoRefreshToken: false },
    // The check itself is tried again, not each of its requests.
    global: { fetch: sdkFetch({ timeoutMs: target.timeoutMs, attempts: 1, onTrouble: (error) => (trouble = error) }) },
  });
  /** Named by its code: an answer's text may hold what a row holds. */
  const fail = (failureClass: FailureClass, what: string, error: Pick<PostgrestError, 'code'>): never => {
    if (trouble instanceof TransientError) {
      throw new TransientError(`Supabase: ${trouble.message}`, trouble.afterMs, { cause: trouble });
    }
    const code = trouble?.message ?? projectTrouble(Number(error.code)) ?? (error.code || 'no code');
    throw new CheckFailure(failureClass, `${what} (${code})`);
  };
  return { client, fail };
}

export type Connection = ReturnType<typeof connect>;

/** A connection in the smoke test user's name. */
export async function signIn(target: Target): Promise<Connection & { readonly userId: string }> {
  const connection = connect(target);
  const { data, error } = await connection.client.auth.signInWithPassword(target);
  if (error) connection.fail('sign-in', 'the test user cannot sign in', { code: error.code ?? String(error.status) });
  const userId = data.user?.id;
  if (userId === undefined) throw new CheckFailure('sign-in', 'signing in names no user');
  return { ...connection, userId };
}

/** Sign-in by the API, apart from the page that uses it. */
export const authentication: Check = {
  name: 'authentication',
  title: 'The test user signs in',
  transientClass: 'unreachable',
  async run(target) {
    const { client, userId, fail } = await signIn(target);
    const { data, error } = await client.auth.getUser();
    if (error) fail('sign-in', 'the session is not accepted', { code: error.code ?? String(error.status) });
    if (data.user?.id !== userId) throw new CheckFailure('sign-in', 'the session belongs to another user');
    await client.auth.signOut({ scope: 'local' });
    return { detail: 'signed in, the session is accepted' };
  },
};
