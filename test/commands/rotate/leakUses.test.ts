import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { usesLater } from '../../../commands/rotate/leak/leakUses.ts';
import { supabase } from '../../../sandbox/process/identity.ts';
import { serve, type Listening } from '../../../sandbox/server/serve.ts';
import type { ServiceReply } from '../../../sandbox/server/service.ts';
import { RequestLog } from '../../../sandbox/standIns/supabase/requestLog.ts';
import { createSupabaseManagement } from '../../../sandbox/standIns/supabaseManagement/service.ts';
import type { Secret } from '../../../secrets/secret.ts';
import { createApiKey, deleteApiKey, listApiKeys } from '../../../services/supabase/apiKeys.ts';
import { managementApi } from '../../../services/supabase/management.ts';
import { parseSettings } from '../../../settings/settings.ts';
import { valid } from '../../settings/raw.ts';

const ref = supabase.projectRef;
const staging = { settings: parseSettings(valid()), project: { ref } } as Parameters<typeof usesLater>[0];
const day = 24 * 3600_000;
const { env: before } = process;
let folder: string;
let log: RequestLog;
let listening: Listening;
let refuses: ServiceReply | undefined;
let key: Secret;
const keyNow = async () => (await listApiKeys(managementApi(), ref))[0];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leak-uses-'));
  log = new RequestLog();
  refuses = undefined;
  const management = createSupabaseManagement({ stateDir: folder, logs: () => log.lines });
  listening = await serve({
    name: management.name,
    handle: (request) => (request.path.includes('analytics') && refuses ? refuses : management.handle(request)),
  });
  const { token } = management.store.state;
  process.env = {
    ...before,
    SUPABASE_API_ENDPOINT: `http://127.0.0.1:${listening.port}`,
    SUPABASE_ACCESS_TOKEN: token,
    STAGING_AUDIT_FILE: join(folder, 'audit.jsonl'),
  };
  await createApiKey(managementApi(), ref, { type: 'secret', name: 'leaked_one' });
  const made = await keyNow();
  if (made === undefined) throw new Error('the key is not listed');
  key = made.value;
});
afterEach(async () => {
  await listening.close();
  process.env = before;
  rmSync(folder, { recursive: true, force: true });
});

/** A request with the key so long ago. */
function usedAgo(milliseconds: number, agent: string): void {
  const request = { method: 'GET', path: '/rest/v1/people', query: new URLSearchParams(), body: Buffer.alloc(0) };
  const headers = { apikey: key.reveal(), 'user-agent': agent };
  log.add({ ...request, headers }, 200, Date.now() - milliseconds);
}
const committed = (ago: number) => ({
  since: { id: 'a'.repeat(40), file: 'a.ts', date: new Date(Date.now() - ago).toISOString() },
});

it('names who used what leaked since it was committed, also when the key is gone', async () => {
  usedAgo(3 * day, 'before it leaked');
  for (const ago of [2 * day - 1000, day, 5000]) usedAgo(ago, 'a stranger');
  const uses = await usesLater(staging, key, [committed(day / 2), committed(2 * day)]);
  const known = await keyNow();
  if (known) await deleteApiKey(managementApi(), ref, known);
  const said = await uses();
  expect(said).toMatch(
    /^Used, as far back as .*: 3 requests since 20.*, the last at 20.*\n {2}\/rest\/v1\/people by a stranger: 3 requests/,
  );
  expect(said).not.toContain('before it leaked');
  expect(said.includes(key.reveal().slice(0, 20))).toBe(false);
});

it('goes no further back than the logs are asked for, where nobody knows since when it is out', async () => {
  usedAgo(8 * day, 'long ago');
  for (const exposures of [[], [{ since: undefined }], [committed(-day)]])
    expect(await (await usesLater(staging, key, exposures))()).toMatch(
      /^Supabase’s logs have no request with what leaked since 20/,
    );
  usedAgo(6 * day, 'a stranger');
  expect(await (await usesLater(staging, key, []))()).toContain('by a stranger: 1 request,');
});

it('says where nobody can say it: without the right, without logs, for a key that the list does not have', async () => {
  const ask = async () => (await usesLater(staging, key, []))();
  refuses = { status: 403, body: { message: 'Forbidden' } };
  expect(await ask()).toMatch(/^Who used what leaked is not known\. Supabase’s logs cannot be read: .*403/);
  refuses = { status: 200, body: { error: { code: 400, message: 'no such plan', status: 'x', errors: [] } } };
  expect(await ask()).toContain('Supabase cannot say it: its logs answer with an error.');
  refuses = undefined;
  const known = await keyNow();
  if (known) await deleteApiKey(managementApi(), ref, known);
  expect(await ask()).toContain('its list of keys does not say by what the logs show this one');
});
