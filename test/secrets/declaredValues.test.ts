import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { OrganizationIdError, readDeclaredValues } from '../../secrets/declaredValues.ts';
import { fileConfiguration } from '../../settings/stack/file.ts';
import { parseSettings, type Settings } from '../../settings/settings.ts';
import { startOnePassword, type TestServer } from '../sandbox/onepasswordServer.ts';
import { strictMocks, valueOf } from '../support/mocks.ts';
import { fixtureRoot } from '../support/fixture.ts';

const organizationReference = 'op://Platform/Supabase/default_organization_id';

let server: TestServer;
let settings: Settings;
beforeAll(async () => {
  server = await startOnePassword();
});
afterAll(() => server.close());
beforeEach(async () => {
  await strictMocks([]);
  settings = parseSettings(fileConfiguration(fixtureRoot));
});

const read = (given: Settings = settings, isPreview = false) =>
  readDeclaredValues(given, { kind: 'service-account', token: server.token }, isPreview);

describe('the declared values', () => {
  it('are secret outputs of what the vault holds, and of a literal', async () => {
    const values = await read();
    const { value, unread } = values.of({ kind: 'reference', reference: 'op://Platform/Supabase/anon_key' });
    expect(await valueOf(value)).toBe(server.service.vault.read('anon_key'));
    const literal = values.of({ kind: 'literal', value: 'on' });
    expect(await Promise.all([pulumi.isSecret(value), pulumi.isSecret(literal.value)])).toEqual([true, true]);
    expect([unread, values.vaultWasRead]).toEqual([false, true]);
  });

  it('give every target one and the same output of the organisation id', async () => {
    const values = await read();
    const [one, other] = [values.of({ kind: 'organizationId' }), values.of({ kind: 'organizationId' })];
    expect(one.value).toBe(other.value);
    expect(await valueOf(one.value)).toBe(server.service.vault.read('default_organization_id'));
  });

  it('are refused when the organisation id is no UUID: the reference is named, the value is not', async () => {
    const { vault } = server.service;
    const kept = vault.read('default_organization_id');
    vault.set('default_organization_id', 'organisation-42');
    const error = await read().catch((reason: unknown) => reason);
    vault.set('default_organization_id', kept);
    expect(error).toBeInstanceOf(OrganizationIdError);
    expect((error as Error).message).toBe(
      `allincompassing:organizationId is not a UUID; nothing was changed. Correct it in ${organizationReference}.`,
    );
  });

  it('are unknown in a preview without the vault, but for a literal', async () => {
    const values = await readDeclaredValues(settings, { kind: 'none' }, true);
    expect(values.vaultWasRead).toBe(false);
    expect(values.of({ kind: 'organizationId' }).unread).toBe(true);
    expect(values.of({ kind: 'reference', reference: organizationReference }).unread).toBe(true);
    const literal = values.of({ kind: 'literal', value: 'on' });
    expect([literal.unread, await valueOf(literal.value)]).toEqual([false, 'on']);
  });

  it('are refused in an update without the vault', async () => {
    await expect(readDeclaredValues(settings, { kind: 'none' }, false)).rejects.toThrow(
      'No access to 1Password, so nothing was changed',
    );
  });
});
