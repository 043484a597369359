import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveReferences } from '../../secrets/vault.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';

/** The sandbox's vault has what the configuration names: a value that is added there needs nothing else. */

let server: TestServer;
beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());

const read = async (reference: string) => {
  const values = await resolveReferences({ kind: 'service-account', token: server.token }, [
    { reference, wantedBy: 'A (Netlify)' },
  ]);
  return values.get(reference)?.reveal();
};

describe('a reference that the sandbox’s vault does not have', () => {
  it.each([
    ['a field', 'op://Platform/Supabase/map_api_key', /^[\w-]{32}$/],
    ['a field in a section', 'op://Platform/Supabase/maps/key', /^[\w-]{32}$/],
    ['an item', 'op://Platform/Maps/key', /^[\w-]{32}$/],
    ['a vault', 'op://Growth/Maps/key', /^[\w-]{32}$/],
    ['a field of a known shape', 'op://Growth/Slack/slack_webhook_url', /^https:\/\/hooks\.slack\.com\/services\//],
  ])('is made up: %s', async (_, reference, shape) => {
    expect(server.service.vault.provide([reference])).toEqual([reference]);
    const value = await read(reference);
    expect(value).toMatch(shape);
    expect(server.service.vault.provide([reference])).toEqual([]);
    expect(await read(reference)).toBe(value);
  });

  it('is not made again once somebody took it away, and one that is there stays as it is', async () => {
    const before = server.service.vault.read('anon_key');
    expect(server.service.vault.provide(['op://platform/supabase/ANON_KEY', 'op://Platform/Supabase/gone'])).toEqual([
      'op://Platform/Supabase/gone',
    ]);
    expect(server.service.vault.read('anon_key')).toBe(before);
    server.service.vault.remove('gone');
    expect(server.service.vault.provide(['op://Platform/Supabase/gone'])).toEqual([]);
    await expect(read('op://Platform/Supabase/gone')).rejects.toThrow('no such field in the item');
  });

  it('is left to the error of the program when it is no reference', () => {
    expect(server.service.vault.provide(['op://Platform', 'op://Platform/Sup%20abase/x'])).toEqual([]);
  });
});
