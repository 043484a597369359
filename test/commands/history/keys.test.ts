import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readTrail } from '../../../audit/file.ts';
import { audited, openTrail, recordDone } from '../../../audit/trail.ts';
import { keysOf } from '../../../commands/history/keys.ts';
import type { DeclaredPlace } from '../../../commands/history/places.ts';
import { since } from '../../../commands/history/since.ts';
import { placesText } from '../../../commands/history/text.ts';
import { vaultAct } from '../../../rotation/vault/audit.ts';
import { supabase } from '../../../sandbox/process/identity.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import { createKeys } from '../../../sandbox/standIns/supabase/keys.ts';
import { createSupabaseManagement } from '../../../sandbox/standIns/supabaseManagement/service.ts';
import { fingerprint } from '../../../secrets/fingerprint.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { Api } from '../../../services/door/http.ts';
import { createApiKey, deleteApiKey, listApiKeys, setLegacyApiKeys } from '../../../services/supabase/apiKeys.ts';

const signer = 'k'.repeat(40);
const folder = mkdtempSync(join(tmpdir(), 'history-keys-'));
const file = join(folder, 'trail.jsonl');
const { STAGING_AUDIT_FILE: before } = process.env;
let listening: Listening;
let api: Api;
beforeAll(async () => {
  process.env.STAGING_AUDIT_FILE = file;
  openTrail({ stack: 'staging', command: 'rotate', file: () => undefined, key: () => Promise.resolve(signer) });
  const management = createSupabaseManagement({ stateDir: folder });
  listening = await serve(management);
  const headers = { authorization: `Bearer ${management.store.state.token}` };
  const baseUrl = `http://127.0.0.1:${listening.port}`;
  api = { vendor: 'Supabase', baseUrl, headers, accessFix: '', addressSetting: '' };
});
afterAll(async () => {
  await listening.close();
  if (before === undefined) delete process.env.STAGING_AUDIT_FILE;
  else process.env.STAGING_AUDIT_FILE = before;
  rmSync(folder, { recursive: true, force: true });
});

const ref = supabase.projectRef;
const reference = 'op://Platform/Supabase/service_role_key';
const field: DeclaredPlace = { place: 'vault', name: reference, in: undefined, title: `1Password ${reference}` };
/** What `rotate` writes into the vault. */
const write = (value: Secret, old: Secret) => {
  const changes = [
    { label: 'previous_service_role_key', value: old },
    { label: 'service_role_key', value },
  ];
  return audited(vaultAct(reference, changes), () => undefined);
};

it('a key that was made, and each that ended, has its fingerprint: history says when it was revoked and by whom', async () => {
  const legacy = createKeys('made up for this test', ref);
  const [service, anon] = [new Secret(legacy.serviceRoleKey), new Secret(legacy.anonKey)];
  await createApiKey(api, ref, { type: 'secret', name: 'rotated_one' });
  await createApiKey(api, ref, { type: 'secret', name: 'of_somebody_else' });
  const [one, other] = await listApiKeys(api, ref);
  if (one === undefined || other === undefined) throw new Error('the keys are not listed');
  await write(one.value, service);
  await setLegacyApiKeys(api, ref, false, [anon, service]);
  await createApiKey(api, ref, { type: 'secret', name: 'rotated_two' });
  const two = (await listApiKeys(api, ref)).find(({ name }) => name === 'rotated_two');
  if (two === undefined) throw new Error('the key is not listed');
  await write(two.value, one.value);
  await deleteApiKey(api, ref, one);
  await recordDone({
    action: 'revoked by hand',
    writes: [{ place: 'token', name: 'GitHub', value: other.value.reveal() }],
  });

  const { lines } = readTrail(file, signer);
  const place = since(field, lines, undefined, []);
  const keys = keysOf([place], [field], lines);
  const print = (value: Secret) => fingerprint(value.reveal(), signer);
  const said = keys.map((key) => [
    key.name,
    key.fingerprint,
    key.write?.action,
    key.earlier.map((each) => each.action),
  ]);
  expect(said).toEqual([
    ['rotated_one', print(one.value), 'delete', ['create']],
    ['service_role', print(service), 'disable', []],
    ['rotated_two', print(two.value), 'create', []],
  ]);
  expect(keys[0]?.write).toMatchObject({ command: 'rotate', outcome: 'done' });

  const text = placesText('SUPABASE_SERVICE_ROLE_KEY', [place, ...keys]);
  expect(text).toMatch(/Supabase key rotated_one +[0-9a-f]{12} +deleted 20\S+ by .* from .*: rotate \(delete\)/);
  expect(text).toMatch(/Supabase key service_role +[0-9a-f]{12} +disabled 20/);
  expect(text).toMatch(/Supabase key rotated_two +[0-9a-f]{12} +made 20/);
  const written = readFileSync(file, 'utf8') + text;
  for (const value of [service, anon, one.value, other.value, two.value])
    expect(written.includes(value.reveal())).toBe(false);
});

it('a key that the vendor makes and does not show leaves a line without a fingerprint, and no error', async () => {
  const silent = await serve({ name: 'silent', handle: () => ({ status: 201, body: {} }) });
  const there = { ...api, baseUrl: `http://127.0.0.1:${silent.port}` };
  await createApiKey(there, ref, { type: 'secret', name: 'not_shown' });
  await silent.close();
  const last = readTrail(file, signer).lines.at(-1);
  expect(last).toMatchObject({ outcome: 'done', writes: [{ place: 'apiKey', name: 'not_shown' }] });
  expect(last?.writes[0]).not.toHaveProperty('fingerprint');
});
