import { requiredCheck } from '../../settings/names/requiredCheck.ts';
import type { ApplicationState } from '../application/layApplication.ts';
import type { GitHubSeed } from '../standIns/github/index.ts';
import { stagingAddress, supabase } from '../process/identity.ts';
import type { NetlifySeed } from '../standIns/netlify/index.ts';
import type { VaultEditor } from '../standIns/onepassword/editor.ts';

/** What the team of the sandbox has before this project comes: a site that carries production, a protected branch in a repository of one maintainer's own. */
export interface ExistingTeam {
  readonly netlify: NetlifySeed;
  readonly github: GitHubSeed;
  /** The Edge Function secrets by name, which production's functions read. */
  readonly functionSecrets: Readonly<Record<string, string>>;
}

/** Production's variables with the values of its own fields in the vault, some keys that are not declared, and a rule of develop. */
export function existingTeam(vault: VaultEditor, application: ApplicationState = 'playbook'): ExistingTeam {
  const production = (value: string) => [{ context: 'production' as const, value }];
  return {
    netlify: {
      liveDeploy: true,
      builtBranches: ['main'], // their deploy job deploys staging
      variables: [
        { key: 'SUPABASE_URL', values: production(vault.read('production_url')) },
        { key: 'SUPABASE_ANON_KEY', values: production(vault.read('production_anon_key')) },
        {
          key: 'SUPABASE_SERVICE_ROLE_KEY',
          values: production(vault.read('production_service_role_key')),
          isSecret: true,
        },
        { key: 'DEFAULT_ORGANIZATION_ID', values: production(vault.read('default_organization_id')) },
        { key: 'LOG_LEVEL', values: [{ context: 'all', value: 'info' }] },
        { key: 'PUBLIC_SITE_NAME', values: production('AllIincompassing') },
      ],
    },
    github: {
      ownedByUser: true,
      secrets: { NETLIFY_AUTH_TOKEN: vault.read('netlify_auth_token'), UNRELATED_SECRET: 'of somebody else' },
      variables: {
        SLACK_ALERTS_CHANNEL: '#deployments',
        SUPABASE_PROJECT_ID: supabase.projectRef,
        LIGHTHOUSE_PREVIEW_URL: stagingAddress,
      },
      workflows: { '.github/workflows/ci.yml': 'CI' },
      ...(application === 'playbook' ? playbookBranches : newestBranches),
    },
    functionSecrets: { OPENAI_API_KEY: vault.read('openai_api_key'), SENTRY_DSN: 'of somebody else' },
  };
}

const reviews = {
  dismissStale: true,
  codeOwners: false,
  lastPushApproval: false,
  count: 1,
  dismissal: null,
  bypass: null,
};

const playbookBranches: GitHubSeed = {
  // Their pipeline has run: a check that never reported could not be required.
  checks: { develop: { [requiredCheck]: 'success' } },
  runs: [{ event: 'pull_request', branch: 'feature', jobs: ['build', requiredCheck] }],
  protection: { develop: { statusChecks: { strict: false, checks: [{ context: 'build', app_id: null }] }, reviews } },
};

/** No develop any more, no deploy-staging, and another required check. */
const newestBranches: GitHubSeed = {
  branches: ['main'],
  checks: { main: { 'ci-gate': 'success' } },
  runs: [{ event: 'pull_request', branch: 'feature', jobs: ['build', 'ci-gate'] }],
  protection: { main: { statusChecks: { strict: false, checks: [{ context: 'ci-gate', app_id: null }] }, reviews } },
};
