import { random } from './made.ts';
import type { Given } from './run.ts';

/** The one organisation id of this run. */
export const organizationId = random.uuid();

/** A value as a stack's configuration declares it. */
export type ConfiguredValue = Readonly<Record<string, unknown>>;

/** A stack's configuration as this repository has it, with every value by reference. */
export function configuration(): {
  values: Record<string, ConfiguredValue>;
  netlify: Record<string, unknown> & { contexts: string[] };
  github: Record<string, unknown> & { protection: { branch: string } };
} {
  const reference = (field: string) => ({ from: `op://Platform/Supabase/${field}` });
  return {
    values: {
      SUPABASE_URL: { ...reference('url'), netlify: true },
      SUPABASE_ANON_KEY: { ...reference('anon_key'), netlify: true },
      SUPABASE_SERVICE_ROLE_KEY: {
        ...reference('service_role_key'),
        production: 'op://Platform/Supabase/production_service_role_key',
        netlify: { secret: true },
      },
      SUPABASE_ACCESS_TOKEN: { ...reference('access_token'), netlify: { secret: true } },
      DEFAULT_ORGANIZATION_ID: {
        ...{ from: 'organizationId', production: 'organizationId', netlify: true },
        ...{ actionsSecret: true, actionsVariable: true, edgeFunction: true },
      },
      NETLIFY_AUTH_TOKEN: { ...reference('netlify'), actionsSecret: true },
      NETLIFY_STAGING_SITE_ID: { from: 'siteId', actionsSecret: true },
    },
    netlify: { site: 'Site', team: 'team', mode: 'shared-site', contexts: ['branch:staging', 'branch:develop'] },
    github: { repository: 'repository', protection: { branch: 'develop' } },
  };
}

/** That configuration under the keys that the engine uses. */
export function keyed(given = configuration()): Record<string, unknown> {
  return {
    'app:organizationId': 'op://Platform/Supabase/default_organization_id',
    'app:values': given.values,
    'app:netlify': given.netlify,
    'app:github': given.github,
    'app:supabase': { project: 'abcdefghijklmnopqrst' },
  };
}

/** A variable on Netlify in the given contexts. */
export function variable(key: string, values: Record<string, unknown>, secret = false): Given {
  return {
    type: 'netlify:index/environmentVariable:EnvironmentVariable',
    name: `netlify-${key}`,
    provider: true,
    props: {
      key,
      [secret ? 'secretValues' : 'values']: Object.entries(values).map(([context, value]) =>
        context.startsWith('branch:')
          ? { context: 'branch', contextParameter: context.slice(7), value }
          : { context, value },
      ),
    },
  };
}

/** A secret of GitHub Actions. */
export function secret(secretName: string, plaintextValue: unknown): Given {
  return {
    type: 'github:index/actionsSecret:ActionsSecret',
    name: `github-${secretName}`,
    provider: true,
    props: { secretName, plaintextValue },
  };
}

/** A variable of GitHub Actions: the repository's own, or an environment's. */
export function actionsVariable(variableName: string, value: unknown, environment?: string): Given {
  const kind = environment === undefined ? 'ActionsVariable' : 'ActionsEnvironmentVariable';
  return {
    type: `github:index/a${kind.slice(1)}:${kind}`,
    name: `github-variable-${variableName}`,
    provider: true,
    props: { variableName, value, ...(environment !== undefined && { environment }) },
  };
}

/** A secret of the Edge Functions. */
export function edgeFunction(name: string, value: unknown): Given {
  return {
    type: 'supabase:index/edgeFunctionSecrets:EdgeFunctionSecrets',
    name: `supabase-${name}`,
    provider: true,
    props: { projectRef: 'a'.repeat(20), secrets: [{ name, value }] },
  };
}

/** The same value in both of staging's contexts. */
export function both(value: unknown): Record<string, unknown> {
  return { 'branch:staging': value, 'branch:develop': value };
}

/** Classic protection as RequiredDeployCheck declares it. */
export function protection(changes: Record<string, unknown> = {}): Given {
  return {
    type: 'github:index/branchProtectionV3:BranchProtectionV3',
    provider: true,
    props: {
      branch: 'develop',
      enforceAdmins: true,
      requiredStatusChecks: { strict: true, checks: ['deploy-staging:15368', 'build'] },
      ...changes,
    },
  };
}

/** A ruleset as RequiredDeployCheck declares it. */
export function ruleset(changes: Record<string, unknown> = {}, integrationId: number | undefined = 15368): Given {
  return {
    type: 'github:index/repositoryRuleset:RepositoryRuleset',
    provider: true,
    props: {
      enforcement: 'active',
      bypassActors: [],
      conditions: { refName: { includes: ['refs/heads/develop'], excludes: [] } },
      rules: {
        requiredStatusChecks: { requiredChecks: [{ context: 'build' }, { context: 'deploy-staging', integrationId }] },
      },
      ...changes,
    },
  };
}

/** A workflow whose job reports everywhere. */
export const workflow = `on:
  push: { branches: [develop] }
  pull_request: { branches: [develop] }
  merge_group:
jobs:
  build: { runs-on: ubuntu-latest, steps: [] }
  deploy-staging:
    needs: build
    if: \${{ always() }}
    runs-on: ubuntu-latest
    steps: [{ if: "needs.build.result != 'success'", run: exit 1 }]
`;
