import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '../../secrets/secret.ts';
import { VaultSession } from '../../secrets/vault.ts';
import { changeItem } from '../../secrets/vaultFields.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';

const reference = 'op://Platform/Supabase/access_token';
let server: TestServer;
let session: VaultSession;
beforeAll(async () => {
  server = await startOnePassword();
  session = new VaultSession({ kind: 'service-account', token: server.token });
});
afterAll(() => server.close());

describe('writing fields of an item', () => {
  it('changes, adds and takes away in one request, and leaves every other field byte for byte', async () => {
    const { vault } = server.service;
    const old = vault.read('access_token');
    const others = () =>
      vault.list().filter(({ label }) => !label.includes('access_token') || label.startsWith('prod'));
    const before = others().map(({ label }) => [label, vault.read(label)]);
    const start = server.log.length;
    await changeItem(session, reference, ({ get }) => {
      const { value } = { value: get('access_token') };
      return [
        { label: 'previous_access_token', value },
        { label: 'access_token', value: new Secret('the new one') },
        { label: 'rotating_access_token', value: new Secret('somebody'), plain: true },
      ];
    });
    expect([vault.read('access_token'), vault.read('previous_access_token') === old]).toEqual(['the new one', true]);
    expect(vault.read('rotating_access_token')).toBe('somebody');
    const writes = server.log.slice(start).filter(({ method }) => !['GET', 'POST'].includes(method));
    expect(writes.map(({ method }) => method)).toEqual(['PATCH']);
    await changeItem(session, reference, () => [{ label: 'rotating_access_token', value: undefined }]);
    expect(vault.list().map(({ label }) => label)).not.toContain('rotating_access_token');
    expect(others().map(({ label }) => [label, vault.read(label)])).toEqual(before);
  });

  it('writes nothing where nothing is to change, and says what is not there', async () => {
    const start = server.log.length;
    expect(await changeItem(session, reference, () => [])).toBe(false);
    const elsewhere = changeItem(session, 'op://Platform/Nowhere/x', () => [{ label: 'x', value: new Secret('x') }]);
    await expect(elsewhere).rejects.toThrow(/op:\/\/Platform\/Nowhere\/x: 1Password has no item of that name/);
    expect(server.log.slice(start).filter(({ method }) => method === 'PATCH')).toEqual([]);
  });

  it('signs in once for several, sees what others write meanwhile, and signs in anew after a failure', async () => {
    const { vault } = server.service;
    const own = new VaultSession({ kind: 'service-account', token: server.token });
    const seen: (string | undefined)[] = [];
    const look = () =>
      changeItem(own, reference, ({ get }) => {
        seen.push(get('access_token')?.reveal());
        return [];
      });
    const start = server.log.length;
    const signIns = () => server.log.slice(start).filter(({ path }) => path.endsWith('/auth/start')).length;
    await look();
    vault.set('access_token', 'by somebody else');
    await look();
    expect([seen.at(-1), signIns()]).toEqual(['by somebody else', 1]);
    await expect(changeItem(own, 'op://Platform/Nowhere/x', () => [])).rejects.toThrow(/no item of that name/);
    await look();
    expect(signIns()).toBe(2);
  });
});
