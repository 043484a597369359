import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createClient } from '@supabase/supabase-js';
import { serve, type Listening } from '../../../../sandbox/server/serve.ts';
import { applicationMigrations } from '../../../../sandbox/standIns/supabase/application.ts';
import { createKeys, signToken } from '../../../../sandbox/standIns/supabase/keys.ts';
import { createSupabase } from '../../../../sandbox/standIns/supabase/service.ts';

const keys = createKeys(randomBytes(32).toString('hex'), 'wnnjeqheqxxyrgsjmygy');
const user = { email: 'smoke@staging.example', password: randomBytes(12).toString('hex') };
const other = { email: 'other@staging.example', password: randomBytes(12).toString('hex') };
const person = (role: string) => ({
  email: `${role}@staging.example`,
  password: randomBytes(12).toString('hex'),
  app_metadata: { role, organization_id: '3f0f8c1e-5a51-4a7e-9a20-6c1d8ff0a001' },
});
const [admin, monitoring] = [person('admin'), person('monitoring')];
const service = createSupabase({
  keys,
  migrations: applicationMigrations(),
  users: [user, other, admin, monitoring],
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
  server = await serve(service);
  url = server.url;
  const { superuser } = await service.database();
  await superuser.query(
    `insert into agent_execution_traces (request_id, correlation_id, step_name, status)
     values ('r1', 'r1', 'request.received', 'ok')`,
  );
}, 60_000);

afterAll(async () => {
  await server.close();
  await service.close();
});

describe.each(['agent_runtime_config', 'agent_execution_traces'])('%s, by row-level security', (name) => {
  const id = name === 'agent_runtime_config' ? 'config_key' : 'id';
  const seen = async (supabase: ReturnType<typeof client>) => (await supabase.from(name).select(id)).data?.length;

  it('shows a visitor no row, and a user without a role neither', async () => {
    expect(await seen(client(keys.serviceRoleKey))).toBeGreaterThan(0);
    expect(await seen(client(keys.anonKey))).toBe(0);
    expect(await seen(await signedIn())).toBe(0);
  });

  it('shows an admin what there is', async () => {
    expect(await seen(await signedIn(admin))).toBeGreaterThan(0);
    expect(await seen(await signedIn(monitoring))).toBe(name === 'agent_execution_traces' ? 1 : 0);
  });
});

describe('agent_runtime_config', () => {
  const config = (supabase: ReturnType<typeof client>) => supabase.from('agent_runtime_config');

  it('is not written by a visitor or a user: refused, or without an effect', async () => {
    expect((await config(client(keys.anonKey)).insert({ config_key: 'mine' })).status).toBe(401);
    const user = await signedIn();
    expect((await config(user).insert({ config_key: 'mine' })).status).toBe(403);
    for (const supabase of [client(keys.anonKey), user]) {
      await config(supabase).update({ actions_disabled: true }).eq('config_key', 'global');
      await config(supabase).delete().eq('config_key', 'global');
    }
    const { data } = await config(client(keys.serviceRoleKey)).select('config_key,actions_disabled');
    expect(data).toEqual([{ config_key: 'global', actions_disabled: false }]);
  });

  it('is written by an admin, whose id stays until somebody sets it; no trigger touches the time', async () => {
    const supabase = await signedIn(admin);
    const { data: session } = await supabase.auth.getUser();
    expect((await config(supabase).insert({ config_key: 'an admin’s' })).error).toBeNull();
    const mine = () => config(supabase).select('updated_by,updated_at').eq('config_key', 'an admin’s').single();
    const before = (await mine()).data;
    expect(before).toMatchObject({ updated_by: session.user?.id });
    await config(supabase).update({ reason: 'why' }).eq('config_key', 'an admin’s');
    expect((await mine()).data).toEqual(before);
    await config(client(keys.serviceRoleKey)).delete().eq('config_key', 'an admin’s');
  });

  it('refuses a name for who did it, and takes "now" for the time of the database', async () => {
    const supabase = client(keys.serviceRoleKey);
    const named = await config(supabase).update({ updated_by: 'Ada' }).eq('config_key', 'global');
    expect(named).toMatchObject({ status: 400, error: { code: '22P02' } });
    const at = async () => Date.parse(String((await config(supabase).select('updated_at').single()).data?.updated_at));
    const before = await at();
    await config(supabase).update({ updated_at: 'now' }).eq('config_key', 'global');
    expect(await at()).toBeGreaterThan(before);
    expect(Math.abs(Date.now() - (await at()))).toBeLessThan(60_000);
  });
});

describe('agent_execution_traces', () => {
  it('is filtered by a field of its payload, and wants both ids and one of three statuses', async () => {
    const traces = () => client(keys.serviceRoleKey).from('agent_execution_traces');
    const row = { request_id: 'r2', correlation_id: 'r2', step_name: 'execution.gate.denied', status: 'blocked' };
    const rows = [true, false].map((killSwitchEnabled) => ({ ...row, payload: { killSwitchEnabled } }));
    expect((await traces().insert(rows)).error).toBeNull();
    const found = await traces()
      .select('payload', { count: 'exact' })
      .eq('request_id', 'r2')
      .eq('payload->>killSwitchEnabled', 'true')
      .gte('created_at', new Date(Date.now() - 60_000).toISOString())
      .order('created_at', { ascending: false });
    expect(found).toMatchObject({ count: 1, data: [{ payload: { killSwitchEnabled: true } }] });
    expect((await traces().insert({ ...row, status: 'denied' })).error?.code).toBe('23514');
    expect((await traces().insert({ ...row, correlation_id: null })).error?.code).toBe('23502');
    await traces().delete().eq('request_id', 'r2');
  });
});

describe('conversations', () => {
  it('are written, read back and removed by their user, and hidden from the next one; an admin reads them', async () => {
    const mine = await signedIn();
    const { data } = await mine.auth.getUser();
    const inserted = await mine
      .from('conversations')
      .insert({ user_id: data.user?.id, title: "it's one" })
      .select('id,is_active,metadata');
    expect(inserted).toMatchObject({ error: null, data: [{ is_active: true, metadata: {} }] });
    const id = String(inserted.data?.[0]?.id);
    const theirs = await signedIn(other);
    expect((await theirs.from('conversations').select().eq('id', id)).data).toEqual([]);
    expect((await theirs.from('conversations').delete().eq('id', id).select()).data).toEqual([]);
    const read = await signedIn(admin);
    expect((await read.from('conversations').select('title').eq('id', id)).data).toEqual([{ title: "it's one" }]);
    expect((await read.from('conversations').delete().eq('id', id).select()).data).toEqual([]);
    expect((await mine.from('conversations').delete().eq('id', id).select('id')).data).toEqual([{ id }]);
  });

  it('are nobody else’s and nobody’s', async () => {
    const mine = await signedIn();
    for (const user_id of ['00000000-0000-4000-8000-000000000000', null]) {
      const forged = await mine.from('conversations').insert({ user_id });
      expect(forged).toMatchObject({ status: 403, error: { code: '42501' } });
    }
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
    expect((await supabase.from('conversations').select().eq('id', 'no-uuid')).status).toBe(400);
    expect((await supabase.from('conversations').select().single()).status).toBe(406);
  });

  it('is not open to SQL in values or names', async () => {
    const supabase = client(keys.serviceRoleKey);
    const evil = `x'; drop table public.agent_runtime_config; --`;
    expect((await supabase.from('agent_runtime_config').select().eq('config_key', evil)).data).toEqual([]);
    expect((await supabase.from('agent_runtime_config').select(`a" from x; drop`)).status).toBe(400);
    expect((await supabase.from('agent_runtime_config').select()).data).toHaveLength(1);
  });
});
