import { createClient } from '@supabase/supabase-js';
import { z } from 'zod';
import type { DoorError } from '../../services/door/doorError.ts';
import { sdkFetch } from '../../services/door/sdkFetch.ts';
import { TransientError } from '../retry.ts';
import { CheckFailure, type Check } from './check.ts';
import type { Target } from './target.ts';

/** Marks every row of this test, so that the next run can sweep what a killed one left. */
const prefix = 'preview-smoke:';

/** A client, and how its failures are told: what may pass by itself is tried again by the check, not by supabase-js. */
function connect(target: Target) {
  let trouble: TransientError | DoorError | undefined;
  const client = createClient(target.supabaseUrl, target.anonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    // The check itself is tried again, not each of its requests.
    global: { fetch: sdkFetch({ timeoutMs: target.timeoutMs, attempts: 1, onTrouble: (error) => (trouble = error) }) },
  });
  const fail = (failureClass: 'sign-in' | 'database' | 'kill-switch', what: string, message: string): never => {
    if (trouble instanceof TransientError) {
      throw new TransientError(`Supabase: ${trouble.message}`, trouble.afterMs, { cause: trouble });
    }
    if (trouble) throw new CheckFailure(failureClass, `${what}: ${trouble.message}`);
    throw new CheckFailure(failureClass, `${what}: ${message}`);
  };
  return { client, fail };
}

async function signIn(target: Target) {
  const connection = connect(target);
  const { data, error } = await connection.client.auth.signInWithPassword(target);
  if (error) connection.fail('sign-in', 'the test user cannot sign in', error.message);
  return { ...connection, user: data.user };
}

/** Sign-in by the API, apart from the page that uses it. */
export const authentication: Check = {
  name: 'authentication',
  title: 'The test user signs in',
  transientClass: 'unreachable',
  async run(target) {
    const { client, user, fail } = await signIn(target);
    const { data, error } = await client.auth.getUser();
    if (error) fail('sign-in', 'the session is not accepted', error.message);
    if (data.user?.id !== user?.id) throw new CheckFailure('sign-in', 'the session belongs to another user');
    await client.auth.signOut({ scope: 'local' });
    return { detail: 'signed in, the session is accepted' };
  },
};

/** One row written, read back and removed, after a sweep of what earlier runs left. */
export const database: Check = {
  name: 'database',
  title: 'Supabase is written and read',
  transientClass: 'database',
  async run(target) {
    const { client, fail } = await signIn(target);
    const table = () => client.from('staging_smoke_checks');
    const now = new Date();
    const swept = await table().delete().like('tag', `${prefix}%`).lt('expires_at', now.toISOString()).select('id');
    if (swept.error) fail('database', 'old rows cannot be swept', swept.error.message);
    const tag = `${prefix}${target.runTag}`;
    const expires = new Date(now.getTime() + 10 * 60_000).toISOString();
    const written = await table().insert({ tag, note: now.toISOString(), expires_at: expires }).select('id').single();
    if (written.error) fail('database', 'a row cannot be written', written.error.message);
    const { id } = z.object({ id: z.string() }).parse(written.data);
    try {
      const read = await table().select('tag,note').eq('id', id).retry(false).maybeSingle();
      if (read.error) fail('database', 'the row cannot be read back', read.error.message);
      const row = z.object({ tag: z.string(), note: z.string() }).safeParse(read.data);
      if (!row.success || row.data.tag !== tag || row.data.note !== now.toISOString()) {
        throw new CheckFailure('database', 'the row that was read back is not the one that was written');
      }
    } finally {
      const removed = await table().delete().eq('id', id).select('id');
      if (removed.error) fail('database', 'the row cannot be removed', removed.error.message);
      if (removed.data?.length !== 1) fail('database', 'the row was not removed', 'the delete found nothing');
    }
    return { detail: 'one row written, read back and removed', facts: { sweptRows: swept.data?.length ?? 0 } };
  },
};

/** The kill switch's row can be read; its state is reported, not judged. */
export const killSwitch: Check = {
  name: 'kill-switch',
  title: 'The kill switch’s state is known',
  transientClass: 'unreachable',
  async run(target) {
    const { client, fail } = connect(target);
    const { data, error } = await client
      .from('agent_runtime_config')
      .select('actions_disabled')
      .eq('config_key', 'global')
      .retry(false)
      .maybeSingle();
    if (error) fail('kill-switch', 'agent_runtime_config cannot be read', error.message);
    const row = z.object({ actions_disabled: z.boolean() }).safeParse(data);
    if (!row.success) throw new CheckFailure('kill-switch', "agent_runtime_config has no row 'global'");
    const disabled = row.data.actions_disabled;
    return {
      detail: `agent actions are ${disabled ? 'disabled' : 'enabled'} in the table`,
      facts: { actionsDisabled: disabled },
    };
  },
};
