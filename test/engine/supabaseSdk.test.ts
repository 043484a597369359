import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bridged, named, type Bridged } from '../support/generatedSdk.ts';
import { VERSIONS } from '../../toolchain/versions.ts';

let supabase: Bridged;

beforeAll(async () => {
  supabase = await bridged('supabase');
}, 1_200_000);
afterAll(() => supabase.close());

it('the committed SDK is what the engine generates from the provider at hand, unedited', async () => {
  await supabase.expectCommitted();
}, 120_000);

it('the bridge reports the shape of version 1.9.1, its weaknesses included', async () => {
  const schema = await supabase.schema();
  expect(schema.parameterization.baseProvider).toEqual({ name: 'terraform-provider', version: VERSIONS.bridge });
  expect(JSON.parse(Buffer.from(schema.parameterization.parameter, 'base64').toString())).toEqual({
    remote: { url: 'registry.opentofu.org/supabase/supabase', version: VERSIONS.supabase },
  });
  const secrets = schema.resources['supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets'];
  expect(Object.keys(secrets?.inputProperties ?? {}).sort()).toEqual(['projectRef', 'secrets']);
  expect(secrets?.requiredInputs).toEqual(['projectRef', 'secrets']);
  // A digest tells a value that can be guessed: whoever declares this resource has to mark digests secret.
  expect(secrets?.properties.secretDigests?.secret).toBeUndefined();
  const secret = schema.types['supabase:index/EdgeFunctionSecretsSecret:EdgeFunctionSecretsSecret'];
  expect([secret?.properties.value?.secret, secret?.properties.name?.secret]).toEqual([true, undefined]);
  const key = schema.resources['supabase:index/apikey:Apikey'];
  expect(Object.keys(key?.inputProperties ?? {}).sort()).toEqual(['description', 'name', 'projectRef']);
  expect(key?.properties.apiKey?.secret).toBe(true);
  expect(Object.entries(schema.config.variables).map(([name, { secret: marked }]) => [name, marked ?? false])).toEqual([
    ['accessToken', true],
    ['endpoint', false],
  ]);
  expect(named(schema.resources)).toEqual([
    ...['Apikey', 'Branch', 'EdgeFunction', 'EdgeFunctionSecrets', 'Project', 'Settings'],
  ]);
  expect(named(schema.functions)).toEqual(
    expect.arrayContaining(['getApikeys', 'getBranch', 'getNetworkBans', 'getPooler']),
  );
}, 120_000);
