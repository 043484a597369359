import { describe, expect, it } from '@jest/globals';
import { adopted, asSecret, merged, withOutputs, type Export, type ExportedResource } from '../../engine/deployment.ts';
import { withVaultValues } from '../../adoption/vaultValues.ts';
import { Secret } from '../../secrets/secret.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { fixtureRoot } from '../support/fixture.ts';

const type = 'netlify:index/environmentVariable:EnvironmentVariable';
const provider = 'urn:pulumi:staging::allincompassing::pulumi:providers:netlify::default';
const variable = (name: string, more: Partial<ExportedResource> = {}): ExportedResource => ({
  urn: `urn:pulumi:staging::allincompassing::${type}::${name}`,
  type,
  custom: true,
  provider: `${provider}::imported`,
  ...more,
});
const state = (...resources: ExportedResource[]): Export => ({ version: 3, deployment: { resources } });

describe('an imported resource', () => {
  it('is retained, with its values marked secret wherever they stand, once', () => {
    const values = [{ context: 'production', value: 'x' }];
    const result = adopted(
      variable('a', { inputs: { key: 'A', values }, outputs: { key: 'A', values: asSecret(values) } }),
    );
    expect(result).toMatchObject({
      retainOnDelete: true,
      inputs: { key: 'A', values: asSecret(values) },
      outputs: { key: 'A', values: asSecret(values) },
      additionalSecretOutputs: ['values', 'secretValues'],
    });
    expect(adopted(result)).toEqual(result);
  });

  it('keeps secret what a later refresh may fill in: both lists of a variable, each form of a GitHub secret', () => {
    const marks = (type: string) => adopted({ urn: type, type, outputs: { key: 'A' } }).additionalSecretOutputs;
    expect(marks(type)).toEqual(['values', 'secretValues']);
    for (const kind of ['actionsSecret:ActionsSecret', 'actionsEnvironmentSecret:ActionsEnvironmentSecret'])
      expect(marks(`github:index/${kind}`)).toEqual(['encryptedValue', 'plaintextValue', 'value', 'valueEncrypted']);
    expect(marks('github:index/branchProtectionV3:BranchProtectionV3')).toBeUndefined();
  });

  it('is retained unless it is a provider', () => {
    const held = { urn: provider, type: 'pulumi:providers:netlify', custom: true };
    expect(adopted(held)).toEqual(held);
  });

  it('with further outputs keeps no note of the bridge, which would put them back to nothing at a refresh', () => {
    const imported = variable('a', { outputs: { key: 'A', __pulumi_raw_state_delta: { obj: {} } } });
    expect(withOutputs(imported, { lastUpdated: 'now' }).outputs).toEqual({ key: 'A', lastUpdated: 'now' });
  });

  it('joins the state beside what is there, which stays as it is, and uses its providers', () => {
    const own = { urn: provider, type: 'pulumi:providers:netlify', id: 'own' };
    const there = variable('there', { id: '1' });
    const result = merged(state(own, there), [variable('there', { id: '2' }), variable('new', { id: '3' })]);
    expect(result.deployment.resources).toEqual([
      own,
      there,
      variable('new', { id: '3', provider: `${provider}::own` }),
    ]);
  });

  it('brings its own provider where the state has none', () => {
    expect(merged(state(), [variable('new')]).deployment.resources).toEqual([variable('new')]);
  });
});

describe('the values that Netlify never shows', () => {
  const settings = fileSettings(fixtureRoot);
  const name = 'SUPABASE_SERVICE_ROLE_KEY';
  const shown = {
    key: name,
    secret: true,
    scopes: [],
    values: [{ id: '1', context: 'production' as const, value: undefined }],
    updatedAt: undefined,
    updatedBy: undefined,
  };
  const imported = [variable(`netlify-${name}`, { inputs: {}, outputs: {} }), variable('netlify-SUPABASE_URL')];

  it('are taken from the vault, for the contexts that are live alone', async () => {
    const asked: unknown[] = [];
    const result = await withVaultValues(
      imported,
      settings,
      (wanted) => {
        asked.push(...wanted);
        return Promise.resolve(new Map(wanted.map(({ reference }) => [reference, new Secret('from the vault')])));
      },
      [shown],
    );
    const reference = 'op://Platform/Supabase/production_service_role_key';
    expect(asked).toEqual([{ reference, wantedBy: `${name} (Netlify)` }]);
    const value = { context: 'production', value: 'from the vault' };
    expect(result[0]).toMatchObject({
      inputs: { secretValues: asSecret([value]) },
      outputs: { secretValues: asSecret([{ contextParameter: '', ...value }]) },
    });
    expect(result[1]).toEqual(imported[1]);
  });

  it('are not asked for where the variable is plain on Netlify', async () => {
    const none = (wanted: readonly unknown[]) => {
      expect(wanted).toEqual([]);
      return Promise.resolve(new Map<string, Secret>());
    };
    await expect(withVaultValues(imported, settings, none, [{ ...shown, secret: false }])).resolves.toEqual(imported);
  });
});
