import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../sandbox/server/faults.ts';
import { resolveReferences, type Wanted } from '../../secrets/vault.ts';
import { VaultError } from '../../secrets/vaultError.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';

const url: Wanted = { reference: 'op://Platform/Supabase/url', wantedBy: 'SUPABASE_URL (Netlify)' };
const key: Wanted = { reference: 'op://Platform/Supabase/private_key', wantedBy: 'DEPLOY_KEY (Netlify)' };

let server: TestServer;
beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
afterEach(() => server.faults.set([]));

const read = (wanted: readonly Wanted[], token = server.token, timeoutMs = 20_000) =>
  resolveReferences({ kind: 'service-account', token }, wanted, timeoutMs);

/** The error's message; fails when the read succeeds, or the message holds a value of the vault. */
async function refusal(wanted: readonly Wanted[], token?: string, timeoutMs?: number): Promise<string> {
  const outcome = await read(wanted, token, timeoutMs).catch((error: unknown) => error);
  if (!(outcome instanceof VaultError)) throw new Error('the read was not refused');
  for (const label of ['url', 'private_key', 'service_role_key'] as const) {
    expect(String(outcome.stack)).not.toContain(server.service.vault.read(label));
  }
  return outcome.message;
}

describe('reading the vault', () => {
  it('yields every value byte for byte, a key of several lines too, behind a Secret', async () => {
    const secrets = await read([url, key]);
    expect(secrets.get(key.reference)?.reveal()).toBe(server.service.vault.read('private_key'));
    expect(secrets.get(key.reference)?.reveal()).toContain('\n');
    expect(JSON.stringify([...secrets.values()])).toBe('["[secret]","[secret]"]');
  });

  it('asks for each reference once however many want it, in one batch', async () => {
    server.log.length = 0;
    await read([url, { ...url, wantedBy: 'another' }, key]);
    const asked = () => server.log.splice(0).map(({ method, path }) => `${method} ${path}`);
    const forTwo = asked();
    expect(forTwo.filter((each) => each.endsWith('/items/batch'))).toEqual([
      expect.stringMatching(/^POST .*\/items\/batch$/),
    ]);
    await read([url]);
    expect(asked()).toHaveLength(forTwo.length);
  });

  it('makes no request when nothing is wanted', async () => {
    server.log.length = 0;
    expect(await read([])).toEqual(new Map());
    expect(server.log).toEqual([]);
  });

  it('names every failing reference, who wanted it, and the fix, all at once', async () => {
    const message = await refusal([
      url,
      { reference: 'op://Platform/Supabase/no', wantedBy: 'A (Netlify)' },
      { reference: 'op://Platform/Supabase/no', wantedBy: 'A (GitHub)' },
      { reference: 'op://Platform/Nothing/url', wantedBy: 'B (Netlify)' },
      { reference: 'op://Nowhere/Supabase/url', wantedBy: 'C (Netlify)' },
      { reference: 'op://Platform/Supabase/none/url', wantedBy: 'D (Netlify)' },
    ]);
    expect(message).toBe(
      [
        '1Password did not give 4 of 5 values; nothing was changed:',
        '  - op://Platform/Supabase/no: no such field in the item, wanted by A (Netlify), A (GitHub). Add it in 1Password, or correct the reference in Pulumi.staging.yaml.',
        '  - op://Platform/Nothing/url: no such item in the vault, wanted by B (Netlify). Add it in 1Password, or correct the reference in Pulumi.staging.yaml. An archived item does not count.',
        '  - op://Nowhere/Supabase/url: no such vault, or no access to it, wanted by C (Netlify). Grant the service account read access to the vault, or correct its name.',
        '  - op://Platform/Supabase/none/url: no such section in the item, wanted by D (Netlify). Add it in 1Password, or correct the reference in Pulumi.staging.yaml.',
      ].join('\n'),
    );
  });

  it('refuses an empty value', async () => {
    const before = server.service.vault.read('openai_api_key');
    server.service.vault.set('openai_api_key', '');
    const message = await refusal([
      { reference: 'op://Platform/Supabase/openai_api_key', wantedBy: 'OPENAI_API_KEY (Netlify)' },
    ]);
    server.service.vault.set('openai_api_key', before);
    expect(message).toContain(
      'op://Platform/Supabase/openai_api_key: the value is empty, wanted by OPENAI_API_KEY (Netlify).',
    );
  });

  it.each<[string, Fault, string]>([
    [
      'a revoked token',
      { status: 401 },
      '1Password refused the sign-in; nothing was changed. Set OP_SERVICE_ACCOUNT_TOKEN',
    ],
    [
      'a missing permission',
      { status: 403 },
      '1Password denies access; nothing was changed. Grant the service account',
    ],
    ['a rate limit', { status: 429 }, '1Password’s rate limit is reached; nothing was changed. Wait'],
    ['an error of the server', { status: 500 }, '1Password failed; nothing was changed. Check its status page'],
    ['an answer that is no answer', { body: '<html>' }, '1Password failed; nothing was changed.'],
    ['a reset', { connection: 'reset' }, '1Password cannot be reached; nothing was changed. Check the network'],
    ['half an answer', { connection: 'half' }, '1Password cannot be reached; nothing was changed.'],
  ])('explains %s at sign-in and at the read, and names who waits', async (_, fault, start) => {
    for (const path of ['/auth/start$', '/vaults$', '/items/batch$']) {
      server.faults.set([{ ...fault, path }]);
      const message = await refusal([url]);
      // Only the sign-in's own refusal differs by step: 1Password words a missing permission there as one too.
      expect(message.split('\n')[0]).toContain(start);
      expect(message).toContain('op://Platform/Supabase/url: not read, wanted by SUPABASE_URL (Netlify)');
    }
  });

  it.each<[string, Fault]>([
    ['an error of the server at the sign-in', { status: 500, path: '/auth/start$' }],
    ['a reset between them', { connection: 'reset', path: '/vaults$' }],
    ['half an answer at the read', { connection: 'half', path: '/items/batch$' }],
  ])('tries once more after %s', async (_, fault) => {
    server.faults.set([{ ...fault, times: 1 }]);
    const values = await read([url]);
    expect(values.get(url.reference)?.reveal()).toBe(server.service.vault.read('url'));
  });

  it.each([302, 307, 308])('follows no redirect: %i', async (status) => {
    const elsewhere = await startOnePassword();
    server.faults.set([{ status, path: '/vaults$', headers: { location: `http://127.0.0.1:${elsewhere.port}/x` } }]);
    expect(await refusal([url])).toContain('1Password cannot be reached');
    expect(elsewhere.log).toEqual([]);
    await elsewhere.close();
  });

  it('stops at the first rate limit: no second try', async () => {
    server.faults.set([{ status: 429, path: '/vaults$' }]);
    server.log.length = 0;
    await refusal([url]);
    // A second try would sign in once more.
    expect(
      server.log.filter(({ path }) => /\/(auth\/start|vaults)$/.test(path)).map(({ path }) => path.split('/').at(-1)),
    ).toEqual(['start', 'vaults']);
  });

  it('gives up on a hung server after its own time-out', async () => {
    server.faults.set([{ connection: 'hang', path: '/auth/start$' }]);
    expect(await refusal([url], undefined, 300)).toContain(
      '1Password gave no answer within 0.3 s; nothing was changed. Run again',
    );
  });

  it('leaves requests of others, which go on beside it, their own time-out', async () => {
    server.faults.set([{ connection: 'hang' }]);
    const waiting = refusal([url], undefined, 1500);
    const other = fetch(`http://127.0.0.1:${server.port}/`, { signal: AbortSignal.timeout(100) });
    await expect(other).rejects.toThrow('aborted due to timeout');
    await waiting;
  }, 30_000);

  it.each([
    ['text that is no token', 'hello'],
    ['a token cut short', 'ops_eyJ'],
  ])('refuses %s', async (_, token) => {
    expect(await refusal([url], token)).toContain('1Password refused the sign-in');
  });
});
