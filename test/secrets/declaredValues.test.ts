import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { OrganizationIdError, readDeclaredValues, wantedReferences } from '../../secrets/declaredValues.ts';
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
    expect(await valueOf(literal.value)).toBe('on');
    const { unread: organizationUnread } = values.of({ kind: 'organizationId' });
    expect([unread, literal.unread, organizationUnread, values.vaultWasRead]).toEqual([false, false, false, true]);
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

  it('are refused, all of them, when a service would refuse one half way: by its entry, not its value', async () => {
    const { vault } = server.service;
    const kept = vault.read('openai_api_key');
    const tooLong = 'x'.repeat(48 * 1024 + 1);
    vault.set('openai_api_key', tooLong);
    const from = 'op://Platform/Supabase/openai_api_key';
    const raw = fileConfiguration(fixtureRoot) as { readonly values: object };
    const given = parseSettings({ ...raw, values: { ...raw.values, LONG: { from, actionsSecret: true } } });
    const error: unknown = await read(given).catch((reason: unknown) => reason);
    vault.set('openai_api_key', kept);
    expect(String(error)).toMatch(
      /Nothing was changed: allincompassing:values\.LONG\.actionsSecret: the value has 49153 bytes/,
    );
    expect(String(error)).not.toContain('xxx');
  });

  it('ask the vault for each reference of each place, with who wants it, and for no file of a person’s own', () => {
    const given = parseSettings({
      organizationId: 'op://a/b/organization',
      values: {
        ADDRESS: { from: 'op://a/b/url', production: 'op://a/b/production', netlify: true, edgeFunction: true },
        ID: { from: 'organizationId', actionsSecret: true },
        LEVEL: { value: 'debug', netlify: true },
        LOCAL: { from: 'op://a/b/local', localFile: true },
      },
      netlify: { site: 'Site', team: 'team' },
      github: { repository: 'repository' },
      supabase: { project: 'abcdefghijklmnopqrst' },
    });
    const wanted = wantedReferences(given).map(({ reference, wantedBy }) => `${reference} by ${wantedBy}`);
    expect(wanted.sort()).toEqual([
      'op://a/b/organization by ID (GitHub Actions secret)',
      'op://a/b/organization by organizationId',
      // What is shared with production has production's.
      'op://a/b/production by ADDRESS (Edge Function secret)',
      'op://a/b/production by ADDRESS (Netlify production)',
      'op://a/b/url by ADDRESS (Netlify branch:staging and branch:develop)',
    ]);
  });

  it('are refused in an update without the vault', async () => {
    await expect(readDeclaredValues(settings, { kind: 'none' }, false)).rejects.toThrow(
      'No access to 1Password, so nothing was changed',
    );
  });
});
