import { isSafeTransport } from '../machine/safeTransport.ts';
import { forStack } from './stack/stackCommand.ts';

/** What may stand in the stack's file below `github:`: the owner, which everything here reads, and how fast to go. */
const githubSettings: readonly string[] = [
  ...['owner', 'maxPerPage', 'maxRetries', 'parallelRequests', 'readDelayMs', 'retryDelayMs', 'retryableErrors'],
  'writeDelayMs',
];

/** The environment variable that a provider reads for a setting, where there is one. */
const variables: Readonly<Record<string, string>> = {
  'netlify:endpoint': 'NETLIFY_API_ENDPOINT',
  'netlify:token': 'NETLIFY_API_TOKEN',
  'github:baseUrl': 'GITHUB_BASE_URL',
  'github:token': 'GITHUB_TOKEN',
  'supabase:endpoint': 'SUPABASE_API_ENDPOINT',
  'supabase:accessToken': 'SUPABASE_ACCESS_TOKEN',
};

/**
 * What is wrong with the providers' own settings, each with its key and the fix. The guards, adoption and drift read the
 * environment, as the providers do; a setting in the stack's file steers the providers alone, so that a guard would judge
 * one account while the provider writes to another.
 */
export function providerProblems(keys: Iterable<string>): string[] {
  return [...keys].filter(steersProvider).map((key) => {
    const variable = variables[key];
    const instead = variable === undefined ? '' : `, and set ${variable} in the environment`;
    return (
      `${key}: steers the provider alone, while the guards, adoption and drift go by the environment: a write could go ` +
      `where nothing guards it. Remove it${instead}: ${forStack(`pulumi config rm ${key}`)}`
    );
  });
}

function steersProvider(key: string): boolean {
  const [provider = '', ...setting] = key.split(':');
  if (provider === 'github') return !githubSettings.includes(setting.join(':'));
  return provider === 'netlify' || provider === 'supabase';
}

/** Addresses to which a provider, or the program itself, sends a credential. */
const addresses: readonly string[] = [
  ...['NETLIFY_API_ENDPOINT', 'GITHUB_BASE_URL', 'SUPABASE_API_ENDPOINT', 'STAGING_SUPABASE_URL'],
];

/** The addresses in the environment to which a token would go in the clear: a provider sends it without a question. */
export function addressProblems(env: Readonly<NodeJS.ProcessEnv>): string[] {
  return addresses
    .filter((name) => {
      const address = env[name] ?? '';
      return address !== '' && !(URL.canParse(address) && isSafeTransport(address));
    })
    .map(
      (name) =>
        `${name}: is no https:// address, and a credential would go there in the clear. Correct it, or unset it`,
    );
}

/** What is wrong with the environment: GitHub's provider takes the owner from these variables before the stack's own. */
export function ownerProblems(owner: string | undefined, env: Readonly<NodeJS.ProcessEnv>): string[] {
  const meant = owner ?? env.GITHUB_OWNER;
  return ['GITHUB_OWNER', 'GITHUB_ORGANIZATION'].flatMap((name) => {
    const other = env[name];
    if (other === undefined || other === '' || other.toLowerCase() === meant?.toLowerCase()) return [];
    return [
      `github:owner: ${name} is set, and GitHub’s provider would write to that owner instead. Unset it, or set it to the same`,
    ];
  });
}
