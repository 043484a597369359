import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '@supabase/supabase-js';
import { Faults } from '../../../sandbox/server/faults.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { createKeys, signToken } from '../../../sandbox/supabase/keys.ts';
import { createSupabase } from '../../../sandbox/supabase/service.ts';

const keys = createKeys(randomBytes(32).toString('hex'), 'wnnjeqheqxxyrgsjmygy');
const user = { email: 'smoke@staging.example', password: randomBytes(12).toString('hex') };
const other = { email: 'other@staging.example', password: randomBytes(12).toString('hex') };
const service = createSupabase({
  keys,
  migrations: [join(process.cwd(), 'pipeline/supabase/migrations')],
  users: [user, other],
});
/** Untyped rows: what the database says is the subject here. */
interface Tables {
  public: {
    Tables: Record<string, { Row: Row; Insert: Row; Update: Row; Relationships: [] }>;
    Views: Record<string, never>;
    Functions: Record<string, never>;
  };
}
type Row = Record<string, unknown>;
let server: Listening;
let url = '';

/** The real client, as an application makes it, without anything kept between tests. */
function client(key: string) {
  return createClient<Tables>(url, key, { auth: { persistSession: false, autoRefreshToken: false } });
}

async function signedIn(who = user): Promise<ReturnType<typeof client>> {
  const supabase = client(keys.anonKey);
  const { error } = await supabase.auth.signInWithPassword(who);
  expect(error).toBeNull();
  return supabase;
}

jest.setTimeout(30_000);

beforeAll(async () => {
  server = await serve(service, { port: 0, faults: new Faults(), log: () => undefined });
  url = `http://127.0.0.1:${server.port}`;
  await service.database();
}, 60_000);

afterAll(async () => {
  await server.close();
  await service.close();
});

describe('the kill switch table, by row-level security', () => {
  it('is readable by a visitor', async () => {
    const { data, error } = await client(keys.anonKey)
      .from('agent_runtime_config')
      .select('config_key,actions_disabled');
    expect(error).toBeNull();
    expect(data).toEqual([{ config_key: 'global', actions_disabled: false }]);
  });

  it.each(['insert', 'update', 'delete'] as const)('refuses a visitor its %s with 401', async (verb) => {
    const table = client(keys.anonKey).from('agent_runtime_config');
    const { error, status } = await (verb === 'insert'
      ? table.insert({ config_key: 'mine' })
      : verb === 'update'
        ? table.update({ actions_disabled: true }).eq('config_key', 'global')
        : table.delete().eq('config_key', 'global'));
    expect({ status, code: error?.code }).toEqual({ status: 401, code: '42501' });
  });

  it('refuses a signed-in user with 403', async () => {
    const supabase = await signedIn();
    const { error, status } = await supabase
      .from('agent_runtime_config')
      .update({ actions_disabled: true })
      .eq('config_key', 'global');
    expect({ status, code: error?.code }).toEqual({ status: 403, code: '42501' });
  });

  it('lets the service role write, and stamps the time itself', async () => {
    const supabase = client(keys.serviceRoleKey);
    const { data, error } = await supabase
      .from('agent_runtime_config')
      .update({ actions_disabled: true, updated_by: 'on-call', updated_at: '2001-01-01T00:00:00Z' })
      .eq('config_key', 'global')
      .select()
      .single();
    expect(error).toBeNull();
    expect(data).toMatchObject({ actions_disabled: true, updated_by: 'on-call' });
    expect(Date.now() - Date.parse((data as { updated_at: string }).updated_at)).toBeLessThan(60_000);
    await supabase.from('agent_runtime_config').update({ actions_disabled: false }).eq('config_key', 'global');
  });
});

describe('agent_execution_traces', () => {
  it('is closed to visitors and users, and filtered by a field of its payload for the service role', async () => {
    const service = client(keys.serviceRoleKey);
    const rows = [true, false].map((killSwitchEnabled) => ({
      request_id: 'r1',
      step_name: 'execution.gate.denied',
      status: 'denied',
      payload: { killSwitchEnabled },
    }));
    expect((await service.from('agent_execution_traces').insert(rows)).error).toBeNull();
    const found = await service
      .from('agent_execution_traces')
      .select('payload', { count: 'exact' })
      .eq('step_name', 'execution.gate.denied')
      .eq('payload->>killSwitchEnabled', 'true')
      .gte('created_at', new Date(Date.now() - 60_000).toISOString())
      .order('created_at', { ascending: false });
    expect(found).toMatchObject({ count: 1, data: [{ payload: { killSwitchEnabled: true } }] });
    expect((await client(keys.anonKey).from('agent_execution_traces').select()).status).toBe(401);
    expect((await (await signedIn()).from('agent_execution_traces').select()).status).toBe(403);
  });
});

describe('staging_smoke_checks', () => {
  it('is written, read back and removed by its user, and hidden from the next one', async () => {
    const mine = await signedIn();
    const inserted = await mine.from('staging_smoke_checks').insert({ tag: "it's a tag" }).select().single();
    expect(inserted.error).toBeNull();
    const { id } = inserted.data as { id: string };
    const theirs = await signedIn(other);
    expect((await theirs.from('staging_smoke_checks').select().eq('id', id)).data).toEqual([]);
    expect((await theirs.from('staging_smoke_checks').delete().eq('id', id).select()).data).toEqual([]);
    expect((await mine.from('staging_smoke_checks').select('tag').eq('id', id)).data).toEqual([{ tag: "it's a tag" }]);
    expect((await mine.from('staging_smoke_checks').delete().eq('id', id).select('id')).data).toEqual([{ id }]);
  });

  it('refuses a row in the name of somebody else, and one that never expires', async () => {
    const mine = await signedIn();
    const forged = await mine
      .from('staging_smoke_checks')
      .insert({ tag: 't', created_by: '00000000-0000-4000-8000-000000000000' });
    expect(forged).toMatchObject({ status: 403, error: { code: '42501' } });
    const eternal = await mine.from('staging_smoke_checks').insert({ tag: 't', expires_at: '2999-01-01T00:00:00Z' });
    expect(eternal).toMatchObject({ status: 400, error: { code: '23514' } });
  });
});

describe('auth', () => {
  it('gives the user of a session, and takes a refresh token once', async () => {
    const supabase = await signedIn();
    expect((await supabase.auth.getUser()).data.user?.email).toBe(user.email);
    const first = (await supabase.auth.getSession()).data.session?.refresh_token ?? '';
    expect((await supabase.auth.refreshSession({ refresh_token: first })).error).toBeNull();
    expect((await client(keys.anonKey).auth.refreshSession({ refresh_token: first })).error?.code).toBe(
      'refresh_token_not_found',
    );
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    for (const email of [user.email, 'nobody@staging.example']) {
      const { error } = await client(keys.anonKey).auth.signInWithPassword({ email, password: 'wrong' });
      expect(error).toMatchObject({ status: 400, code: 'invalid_credentials' });
    }
  });

  it('lets only the service role make users', async () => {
    const fresh = { email: 'new@staging.example', password: randomBytes(8).toString('hex') };
    expect((await client(keys.anonKey).auth.admin.createUser(fresh)).error?.status).toBe(403);
    expect((await client(keys.serviceRoleKey).auth.admin.createUser(fresh)).error).toBeNull();
    expect((await client(keys.serviceRoleKey).auth.admin.createUser(fresh)).error?.code).toBe('email_exists');
  });
});

describe('what must fail', () => {
  it('answers 401 without a key, with another key, and with a token that it did not sign or that has expired', async () => {
    const path = `${url}/rest/v1/agent_runtime_config`;
    expect((await fetch(path)).status).toBe(401);
    expect((await client('not-a-key').from('agent_runtime_config').select()).status).toBe(401);
    const bearer = async (token: string) =>
      (await fetch(path, { headers: { apikey: keys.anonKey, authorization: `Bearer ${token}` } })).status;
    expect(await bearer(signToken('another secret', { role: 'service_role' }))).toBe(401);
    expect(await bearer(signToken(keys.jwtSecret, { role: 'service_role', exp: 1 }))).toBe(401);
    expect(await bearer(signToken(keys.jwtSecret, { role: 'authenticated' }))).toBe(200);
  });

  it('answers 404 for an unknown table, 400 for an unknown column and a bad value, 406 for one of many', async () => {
    const supabase = client(keys.serviceRoleKey);
    expect((await supabase.from('nothing').select()).status).toBe(404);
    expect((await supabase.from('agent_runtime_config').select().eq('nope', 1)).status).toBe(400);
    expect((await supabase.from('staging_smoke_checks').select().eq('id', 'no-uuid')).status).toBe(400);
    expect((await supabase.from('staging_smoke_checks').select().single()).status).toBe(406);
  });

  it('is not open to SQL in values or names', async () => {
    const supabase = client(keys.serviceRoleKey);
    const evil = `x'; drop table public.agent_runtime_config; --`;
    expect((await supabase.from('agent_runtime_config').select().eq('config_key', evil)).data).toEqual([]);
    expect((await supabase.from('agent_runtime_config').select(`a" from x; drop`)).status).toBe(400);
    expect((await supabase.from('agent_runtime_config').select()).data).toHaveLength(1);
  });
});
