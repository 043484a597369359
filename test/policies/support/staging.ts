import { random } from './made.ts';
import type { Given } from './run.ts';

/** The one organisation id of this run. */
export const organizationId = random.uuid();

/** A stack's configuration as this repository has it, with every value by reference. */
export function configuration(): {
  netlify: {
    mode: string;
    contexts: string[];
    variables: Record<string, { secret?: boolean; from?: string; otherContexts?: Record<string, string> }>;
  };
  github: { secrets: Record<string, { from: string }>; protection: { branch: string } };
} {
  const reference = (field: string) => ({ from: `op://Platform/Supabase/${field}` });
  return {
    netlify: {
      mode: 'shared-site',
      contexts: ['branch:staging', 'branch:develop'],
      variables: {
        SUPABASE_URL: reference('url'),
        SUPABASE_ANON_KEY: reference('anon_key'),
        SUPABASE_SERVICE_ROLE_KEY: {
          secret: true,
          ...reference('service_role_key'),
          otherContexts: { production: 'op://Platform/Supabase/production_service_role_key' },
        },
        SUPABASE_ACCESS_TOKEN: { secret: true, ...reference('access_token') },
        DEFAULT_ORGANIZATION_ID: { from: 'organizationId', otherContexts: { production: 'organizationId' } },
      },
    },
    github: {
      secrets: {
        NETLIFY_AUTH_TOKEN: reference('netlify'),
        NETLIFY_STAGING_SITE_ID: { from: 'siteId' },
        DEFAULT_ORGANIZATION_ID: { from: 'organizationId' },
      },
      protection: { branch: 'develop' },
    },
  };
}

/** That configuration under the keys that the engine uses. */
export function keyed(given = configuration()): Record<string, unknown> {
  return { 'app:netlify': given.netlify, 'app:github': given.github };
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
