import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withVaultValues } from '../../adoption/vaultValues.ts';
import { heldValue } from '../../commands/doctor/vault.ts';
import { readDeclaredValues } from '../../secrets/declaredValues.ts';
import { Secret } from '../../secrets/secret.ts';
import { UnreadValueError, valueOf } from '../../secrets/valueOf.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';
import { strictMocks } from '../support/mocks.ts';
import { fixtureRoot } from '../support/fixture.ts';

const forgotten = 'op://Platform/Supabase/forgotten_place';
const settings = fileSettings(fixtureRoot);

let server: TestServer;
beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
beforeEach(async () => {
  await strictMocks([]);
});

// An empty text in its place would be written over a live value.
describe('a value that nobody read', () => {
  it('is an error that names its reference, and so is an empty one', () => {
    const values = new Map([[forgotten, new Secret('')]]);
    for (const each of [new Map<string, Secret>(), values]) {
      expect(() => valueOf(each, forgotten)).toThrow(UnreadValueError);
      expect(() => valueOf(each, forgotten)).toThrow(
        `${forgotten} was not read from 1Password, so nothing was changed`,
      );
    }
  });

  it('never becomes a declared value', async () => {
    const values = await readDeclaredValues(settings, { kind: 'service-account', token: server.token }, false);
    expect(() => values.of({ kind: 'reference', reference: forgotten })).toThrow(UnreadValueError);
  });

  it('never becomes what adoption records as written', async () => {
    const key = 'SUPABASE_SERVICE_ROLE_KEY';
    const live = {
      ...{ key, secret: true, scopes: [], updatedAt: undefined, updatedBy: undefined },
      values: [{ id: '1', context: 'production' as const, value: undefined }],
    };
    const imported = [{ urn: `urn:pulumi:staging::p::t::netlify-${key}`, type: 't' }];
    const nothing = () => Promise.resolve(new Map<string, Secret>());
    await expect(withVaultValues(imported, settings, nothing, [live])).rejects.toThrow(UnreadValueError);
  });

  it('never becomes a token that the doctor tries', async () => {
    const read = () => Promise.resolve(new Map<string, Secret>());
    process.env.OP_SERVICE_ACCOUNT_TOKEN = server.token;
    try {
      await expect(heldValue('SLACK_WEBHOOK_URL', settings, { read })).rejects.toThrow(UnreadValueError);
    } finally {
      delete process.env.OP_SERVICE_ACCOUNT_TOKEN;
    }
  });
});
