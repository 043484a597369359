import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bridged, named, type Bridged } from '../support/generatedSdk.ts';
import { VERSIONS } from '../../toolchain/versions.ts';

let netlify: Bridged;

beforeAll(async () => {
  netlify = await bridged('netlify');
}, 1_200_000);
afterAll(() => netlify.close());

it('the committed SDK is what the engine generates from the provider at hand, unedited', async () => {
  await netlify.expectCommitted();
}, 120_000);

it('the bridge reports the shape of version 0.4.4, its weaknesses included', async () => {
  const schema = await netlify.schema();
  expect(schema.parameterization.baseProvider).toEqual({ name: 'terraform-provider', version: VERSIONS.bridge });
  expect(JSON.parse(Buffer.from(schema.parameterization.parameter, 'base64').toString())).toEqual({
    remote: { url: 'registry.opentofu.org/netlify/netlify', version: VERSIONS.netlify },
  });
  const variable = schema.resources['netlify:index/environmentVariable:EnvironmentVariable'];
  expect(Object.keys(variable?.inputProperties ?? {}).sort()).toEqual([
    'key',
    'scopes',
    'secretValues',
    'siteId',
    'teamId',
    'values',
  ]);
  expect(variable?.requiredInputs).toEqual(['key']);
  expect(variable?.required).toEqual(['key', 'lastUpdated', 'scopes', 'teamId']);
  const plain = schema.types['netlify:index/EnvironmentVariableValue:EnvironmentVariableValue'];
  const secret = schema.types['netlify:index/EnvironmentVariableSecretValue:EnvironmentVariableSecretValue'];
  expect(plain?.properties.value?.secret).toBeUndefined();
  expect(secret?.properties.value?.secret).toBe(true);
  expect(secret?.properties.context?.secret).toBeUndefined();
  expect(secret?.required).toEqual(['context', 'value']);
  expect(Object.entries(schema.config.variables).map(([name, { secret: marked }]) => [name, marked ?? false])).toEqual([
    ['defaultTeamId', false],
    ['defaultTeamSlug', false],
    ['endpoint', false],
    ['token', true],
  ]);
  expect(named(schema.resources)).toEqual([
    ...['DeployKey', 'DnsRecord', 'DnsZone', 'EnvironmentVariable', 'LogDrain', 'SiteBuildSettings'],
    ...['SiteCollaborationSettings', 'SiteDomainSettings', 'SiteFirewallTrafficRules', 'SiteMetricsSettings'],
    ...['TeamFirewallTrafficRules', 'WafPolicy'],
  ]);
  expect(named(schema.functions)).toEqual(
    expect.arrayContaining(['getDnsZone', 'getManagedWafRules', 'getSite', 'getSites', 'getTeam']),
  );
}, 120_000);
