import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../../../sandbox/server/serve.ts';
import { supabase } from '../../../../sandbox/process/identity.ts';
import { startSandbox, type RunningSandbox } from '../../../../sandbox/sandbox.ts';
import { Secret } from '../../../../secrets/secret.ts';
import { acceptsBearer } from '../../../../services/supabase/apiKeys.ts';
import { managementProblems } from '../../../support/documents/supabaseDocument.ts';

const dir = mkdtempSync(join(tmpdir(), 'api-keys-'));
const exchanges: Exchange[] = [];
let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ dir, observe: (exchange) => exchanges.push(exchange) });
}, 60_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(dir, { recursive: true, force: true });
});

const vault = () => sandbox.standIns().onepassword.vault;
async function management(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.endpoints.supabaseManagement}/v1/projects/${supabase.projectRef}${path}`, {
    method,
    headers: { authorization: `Bearer ${vault().read('access_token')}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as { api_key: string; id: string; name: string; type: string; enabled: boolean };
}
const accepts = async (apikey: string) =>
  (await fetch(`${sandbox.endpoints.supabase}/auth/v1/settings`, { headers: { apikey } })).status;

describe('the API keys of the project', () => {
  it('work beside each other, the old one also when the vault has the new one; each until it is revoked', async () => {
    const [anon, service] = [vault().read('anon_key'), vault().read('service_role_key')];
    const made = await management('POST', '/api-keys?reveal=true', { type: 'secret', name: 'rotated_one' });
    vault().set('service_role_key', made.api_key);
    expect([await accepts(service), await accepts(made.api_key), await accepts('sb_secret_made_up')]).toEqual([
      200, 200, 401,
    ]);
    const listed = (await management('GET', '/api-keys?reveal=true')) as unknown as { type: string; id: string }[];
    expect(listed.map(({ type }) => type).sort()).toEqual(['legacy', 'legacy', 'secret']);

    expect(await management('PUT', '/api-keys/legacy?enabled=false')).toEqual({ enabled: false });
    expect([await accepts(anon), await accepts(service), await accepts(made.api_key)]).toEqual([401, 401, 200]);
    expect(await management('GET', '/api-keys/legacy')).toEqual({ enabled: false });
    // What signed a legacy key is still trusted: as a bearer's token it opens what it did.
    const bearer = (token: string) =>
      acceptsBearer(sandbox.endpoints.supabase, new Secret(token), new Secret(made.api_key));
    const revoke = (legacyRevoked: boolean) =>
      sandbox.standIns().supabaseManagement.store.update((state) => Object.assign(state, { legacyRevoked }));
    expect(await bearer(service)).toBe(true);
    revoke(true);
    expect([await bearer(service), await bearer('eyJ.made.up')]).toEqual([false, false]);
    revoke(false);
    await management('PUT', '/api-keys/legacy?enabled=true');
    expect([await accepts(anon), await accepts(service)]).toEqual([200, 200]);

    await management('DELETE', `/api-keys/${made.id}`);
    expect(await accepts(made.api_key)).toBe(401);
  });

  it('speaks as the vendor’s document says', () => {
    const asked = exchanges.filter(({ service }) => service === 'supabaseManagement');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.flatMap(managementProblems)).toEqual([]);
  });
});
