import { movedRepository } from './moved.ts';
import { call, ServiceError, type Api } from '../door/http.ts';

/** GitHub's API at `GITHUB_BASE_URL` (default https://api.github.com/), signed in by `GITHUB_TOKEN`. */
export function githubApi(env: NodeJS.ProcessEnv = process.env): Api {
  if (!env.GITHUB_TOKEN)
    throw new ServiceError(
      'GITHUB_TOKEN is not set. Create a fine-grained token for the repository and export it.',
      401,
      'no-token',
    );
  const base = addressOf(env);
  // GitHub Enterprise Server and anything else that is not github.com itself serve the REST API below /api/v3.
  const isHosted = isGithubCom(env) || new URL(base).hostname.endsWith('.ghe.com');
  const api: Api = {
    vendor: 'GitHub',
    baseUrl: isHosted || base.endsWith('/api/v3') ? base : `${base}/api/v3`,
    headers: { authorization: `Bearer ${env.GITHUB_TOKEN}`, 'x-github-api-version': '2022-11-28' },
    accessFix: 'Set GITHUB_TOKEN to a token with access to the repository (secrets, administration, environments).',
    addressSetting: 'GITHUB_BASE_URL',
  };
  return { ...api, moved: (location) => movedRepository(api, location), planFix };
}

function addressOf(env: NodeJS.ProcessEnv): string {
  return (env.GITHUB_BASE_URL ?? 'https://api.github.com').replace(/\/+$/, '');
}

/** Whether `GITHUB_BASE_URL` names github.com itself, as it does unless it is set. */
export function isGithubCom(env: NodeJS.ProcessEnv = process.env): boolean {
  return new URL(addressOf(env)).hostname === 'api.github.com';
}

/** GitHub refuses what a plan does not have like a bad token (403) or a bad body (422); only its text tells them apart. */
function planFix(status: number, message: string): string | undefined {
  const lacks =
    status === 403 && message.startsWith('Upgrade to ')
      ? 'protects branches'
      : status === 422 && message.includes('ensure the billing plan supports')
        ? 'has rules for environments'
        : undefined;
  if (lacks === undefined) return undefined;
  return (
    `The token is not the cause: the repository is private, and its owner’s plan ${lacks} in public ones alone. ` +
    'Upgrade the plan, or make the repository public.'
  );
}

/** A repository on GitHub. */
export interface RepositoryName {
  readonly owner: string;
  readonly repository: string;
}

/** The path of a repository's own part of the API. */
export function repositoryPath({ owner, repository }: RepositoryName): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
}

/** One Actions secret as GitHub tells of it: never its value. Times are ISO 8601. */
export interface LiveSecret {
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The Actions secrets of a repository, or of one of its environments. */
export async function listSecrets(api: Api, name: RepositoryName, environment?: string): Promise<LiveSecret[]> {
  const path =
    environment === undefined
      ? `${repositoryPath(name)}/actions/secrets`
      : `${repositoryPath(name)}/environments/${encodeURIComponent(environment)}/secrets`;
  const found: LiveSecret[] = [];
  for (let page = 1; ; page += 1) {
    const listed = call(api, { path, query: { per_page: '100', page: String(page) } });
    // An environment may be gone; a repository that is not there, or hidden from the token, has not lost its secrets.
    const answer = await (environment === undefined ? listed : orMissing(listed));
    const { secrets = [], total_count: total = 0 } = (answer?.json ?? {}) as {
      secrets?: { name: string; created_at: string; updated_at: string }[];
      total_count?: number;
    };
    found.push(
      ...secrets.map((secret) => ({ name: secret.name, createdAt: secret.created_at, updatedAt: secret.updated_at })),
    );
    if (secrets.length === 0 || found.length >= total) return found;
  }
}

/** Whether the repository has this environment. */
export async function hasEnvironment(api: Api, name: RepositoryName, environment: string): Promise<boolean> {
  return (
    (await orMissing(
      call(api, { path: `${repositoryPath(name)}/environments/${encodeURIComponent(environment)}` }),
    )) !== undefined
  );
}

/** A 404 as `undefined`: the thing is not there. */
export async function orMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}
