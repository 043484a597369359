import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { supabase } from '../../../../sandbox/process/identity.ts';
import { startSandbox, type RunningSandbox } from '../../../../sandbox/sandbox.ts';
import type { Exchange } from '../../../../sandbox/server/serve.ts';
import { LogSqlError, runLogSql } from '../../../../sandbox/standIns/supabaseManagement/logSql.ts';
import { Secret } from '../../../../secrets/secret.ts';
import type { Api } from '../../../../services/door/http.ts';
import { createApiKey, listApiKeys } from '../../../../services/supabase/apiKeys.ts';
import { keyUses, newestLine } from '../../../../services/supabase/keyUses.ts';
import { managementProblems } from '../../../support/documents/supabaseDocument.ts';

const dir = mkdtempSync(join(tmpdir(), 'logs-'));
const exchanges: Exchange[] = [];
let sandbox: RunningSandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox({ dir, observe: (exchange) => exchanges.push(exchange) });
  const authorization = `Bearer ${vault().read('access_token')}`;
  const baseUrl = sandbox.endpoints.supabaseManagement;
  api = { vendor: 'Supabase', baseUrl, headers: { authorization }, accessFix: '', addressSetting: '' };
}, 60_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

const ref = supabase.projectRef;
const vault = () => sandbox.standIns().onepassword.vault;
const ask = (path: string, headers: Record<string, string>) =>
  fetch(`${sandbox.endpoints.supabase}${path}`, { headers });
const uses = async (keys: readonly string[], since: number) =>
  keyUses(...([api, ref, keys.map((key) => new Secret(key)), await listApiKeys(api, ref)] as const), {
    since,
    until: Date.now(),
  });
const paths = async (key: string, since: number) => (await uses([key], since)).uses.map(({ path }) => path).sort();

describe('the logs of the project', () => {
  it('have the requests that came with each kind of key, as a key or as a bearer’s, and those alone', async () => {
    const begin = Date.now() - 1;
    const [anon, service] = [vault().read('anon_key'), vault().read('service_role_key')];
    for (const type of ['secret', 'publishable'] as const) await createApiKey(api, ref, { type, name: 'of_this_test' });
    const [secret, publishable] = ['secret', 'publishable'].map(
      (kind) => async () =>
        (await listApiKeys(api, ref)).find(({ value }) => value.reveal().startsWith(`sb_${kind}_`))?.value.reveal() ??
        '',
    );
    const [newSecret = '', newPublic = ''] = [await secret?.(), await publishable?.()];

    await ask('/auth/v1/health', { apikey: service, 'user-agent': 'a job' });
    await ask('/auth/v1/settings', { apikey: newPublic, authorization: `Bearer ${service}` });
    await ask('/rest/v1/agent_runtime_config?select=config_key', { apikey: newSecret });
    await ask('/functions/v1/ai-agent-optimized', { apikey: newSecret, authorization: `Bearer ${newSecret}` });
    await ask('/auth/v1/health', { apikey: anon });
    await ask('/auth/v1/health', { apikey: 'sb_secret_made_up' });

    expect(await paths(service, begin)).toEqual(['/auth/v1/health', '/auth/v1/settings']);
    expect(await paths(anon, begin)).toEqual(['/auth/v1/health']);
    expect(await paths(newPublic, begin)).toEqual(['/auth/v1/settings']);
    expect(await paths(newSecret, begin)).toEqual([
      '/functions/v1/ai-agent-optimized',
      '/rest/v1/agent_runtime_config',
    ]);
    const { uses: byAgent } = await uses([service], begin);
    expect(byAgent.map(({ agent, requests }) => [agent, requests])).toContainEqual(['a job', 1]);
    expect(await paths(service, Date.now())).toEqual([]);
    expect(Math.abs(((await newestLine(api, ref, Date.now())) ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('do not tell keys apart by what several of them begin with', async () => {
    const begin = Date.now() - 1;
    const keys = await listApiKeys(api, ref);
    const publishable = keys.find(({ value }) => value.reveal().startsWith('sb_publishable_'));
    if (publishable === undefined) throw new Error('there is no publishable key');
    const asked = (listed: typeof keys) =>
      keyUses(api, ref, [publishable.value], listed, { since: begin, until: Date.now() });
    const shown = (prefix: string) => keys.map((each) => (each === publishable ? { ...each, prefix } : each));
    const other = { ...publishable, id: 'other', value: new Secret(`sb_publishable_${'x'.repeat(20)}`) };
    expect(await asked(shown(publishable.value.reveal().slice(0, 20)))).toMatchObject({ isCut: false });
    for (const prefix of ['sb_publishable_', 'sb_publishable_of_another', '', "x' or 1"])
      await expect(asked([...shown(prefix), other])).rejects.toThrow(/does not say by what the logs show this one/);
  });

  it('are asked with no more of a key than the list shows of it, and answer as the vendor’s document says', async () => {
    const asked = exchanges.filter(
      ({ service, request }) => service === 'supabaseManagement' && request.path.includes('analytics'),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.flatMap(managementProblems)).toEqual([]);
    const keys = ['anon_key', 'service_role_key'].map((label) => vault().read(label).split('.')[2]?.slice(0, 6) ?? '');
    const shown = (await listApiKeys(api, ref)).map(({ value }) => value.reveal());
    expect(shown.length).toBeGreaterThan(1);
    // Of a new kind's key what stands behind its kind: the prefix that the list shows ends five letters on.
    const parts = [...keys, ...shown.map((key) => key.replace(/^sb_[a-z]+_/, '').slice(0, 6))];
    expect(asked.filter((each) => parts.some((part) => each.request.query.toString().includes(part)))).toEqual([]);
  });

  it('cover a day at most, and refuse what their engine does not know', async () => {
    const logs = async (query: Record<string, string>) => {
      const url = `${api.baseUrl}/v1/projects/${ref}/analytics/endpoints/logs?${new URLSearchParams(query).toString()}`;
      const response = await fetch(url, { headers: api.headers });
      return { status: response.status, body: (await response.json()) as { error?: string; result?: unknown[] } };
    };
    const span = (hours: number) => ({
      iso_timestamp_start: new Date(Date.now() - hours * 3600_000).toISOString(),
      iso_timestamp_end: new Date(Date.now() + 60_000).toISOString(),
    });
    expect((await logs(span(25))).status).toBe(400);
    expect((await logs(span(23.9))).body.result).not.toEqual([]);
    expect((await logs({ ...span(1), sql: 'select id from edge_logs' })).body.error).toBe(
      'Table "edge_logs" does not exist',
    );
    for (const sql of ['select * from logs', "select count(*) from logs where source = 'edge_logs'", "drop table 'x"])
      expect(() => runLogSql(sql, [])).toThrow(LogSqlError);
  });
});
