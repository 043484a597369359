import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveToolchain } from '../../toolchain/resolve.ts';
import { modeFromEnvironment, toolchainEnvironment, type Toolchain } from '../../toolchain/toolchain.ts';
import { VERSIONS } from '../../toolchain/versions.ts';

const committed = join(process.cwd(), 'sdks', 'netlify');
let toolchain: Toolchain;
let folder: string;

beforeAll(async () => {
  toolchain = await resolveToolchain({ mode: modeFromEnvironment(), report: () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'netlify-sdk-'));
}, 1_200_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function pulumi(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(toolchain.pulumi, args, {
    cwd: folder,
    env: { ...toolchainEnvironment(toolchain), PULUMI_BACKEND_URL: `file://${folder}` },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** The files that were generated: what the package manager and the compiler add is not among them. */
function generatedFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => !/^(bin|node_modules)(\/|$)/.test(file) && /\.[a-z]+$|\.git/.test(file))
    .sort();
}

const provider = ['terraform-provider', 'netlify/netlify', VERSIONS.netlify];

it('the committed SDK is what the engine generates from the provider at hand, unedited', async () => {
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: sdk\nruntime: nodejs\n');
  writeFileSync(join(folder, 'package.json'), '{"name":"sdk","version":"0.0.0"}');
  await pulumi('package', 'gen-sdk', '--language', 'nodejs', '--out', 'out', '--local', ...provider);
  const generated = join(folder, 'out', 'nodejs');
  expect(generatedFiles(committed)).toEqual(generatedFiles(generated));
  for (const file of generatedFiles(generated)) {
    expect(`${file}\n${readFileSync(join(committed, file), 'utf8')}`).toBe(
      `${file}\n${readFileSync(join(generated, file), 'utf8')}`,
    );
  }
}, 120_000);

interface Schema {
  readonly parameterization: { readonly baseProvider: object; readonly parameter: string };
  readonly resources: Record<
    string,
    { readonly inputProperties: object; readonly requiredInputs: string[]; readonly required: string[] }
  >;
  readonly functions: Record<string, object>;
  readonly types: Record<
    string,
    { readonly properties: Record<string, { readonly secret?: boolean }>; readonly required: string[] }
  >;
  readonly config: { readonly variables: Record<string, { readonly secret?: boolean }> };
}

it('the bridge reports the shape of version 0.4.4, its weaknesses included', async () => {
  const schema = JSON.parse(await pulumi('package', 'get-schema', ...provider)) as Schema;
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
  const named = (tokens: object) => Object.keys(tokens).map((token) => token.split(':').at(-1));
  expect(named(schema.resources)).toEqual([
    ...['DeployKey', 'DnsRecord', 'DnsZone', 'EnvironmentVariable', 'LogDrain', 'SiteBuildSettings'],
    ...['SiteCollaborationSettings', 'SiteDomainSettings', 'SiteFirewallTrafficRules', 'SiteMetricsSettings'],
    ...['TeamFirewallTrafficRules', 'WafPolicy'],
  ]);
  expect(named(schema.functions)).toEqual(
    expect.arrayContaining(['getDnsZone', 'getManagedWafRules', 'getSite', 'getSites', 'getTeam']),
  );
}, 120_000);
