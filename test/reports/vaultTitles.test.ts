import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveReferences } from '../../secrets/vault.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';

/** Titles that stand for more than one item, and archived items, read by 1Password's own SDK. */

let server: TestServer;
beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());

const read = (reference: string) =>
  resolveReferences({ kind: 'service-account', token: server.token }, [{ reference, wantedBy: 'A (Netlify)' }]);

const field = (value: string) => ({ label: 'token', value });

describe('an item’s title', () => {
  it('that an archived item has, too, means the active one', async () => {
    server.service.vault.addItem('Replaced', field('of-before'), true);
    server.service.vault.addItem('Replaced', field('of-today'));
    const values = await read('op://Platform/Replaced/token');
    expect(values.get('op://Platform/Replaced/token')?.reveal()).toBe('of-today');
  });

  it('that an archived item alone has is not there, and the error says that it does not count', async () => {
    server.service.vault.addItem('Old', field('of-before'), true);
    await expect(read('op://Platform/Old/token')).rejects.toThrow(
      /no such item in the vault, .* An archived item does not count\./,
    );
  });

  it('that two items have is refused, with the id of each, the archived too, and no value', async () => {
    const { vault } = server.service;
    const ids = [vault.addItem('Twice', field('first-value')), vault.addItem('Twice', field('second-value'))];
    const archived = vault.addItem('twice', field('third-value'), true);
    const error = await read('op://Platform/Twice/token').catch((thrown: unknown) => String(thrown));
    for (const id of ids) expect(error).toContain(`${id} (active, changed 20`);
    expect(error).toContain(`${archived} (archived, changed 20`);
    expect(error).not.toContain('-value');
  });

  it('that two items have is read by the id in its place', async () => {
    const id = server.service.vault.addItem('Twice', field('by-id'));
    const reference = `op://Platform/${id}/token`;
    expect((await read(reference)).get(reference)?.reveal()).toBe('by-id');
  });

  it('that two items have is refused without the ids when the list cannot be read', async () => {
    server.service.vault.addItem('Again', field('first-value'));
    server.service.vault.addItem('Again', field('second-value'));
    // The read itself asks for the vaults once; the list is the second question.
    server.faults.set([{ status: 403, path: '/vaults$', after: 1 }]);
    await expect(read('op://Platform/Again/token')).rejects.toThrow(
      'Use the item’s id in the reference; or rename one.',
    );
    server.faults.set([]);
  });
});
