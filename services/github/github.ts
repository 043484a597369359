import { z } from 'zod';
import { movedRepository } from './moved.ts';
import { github } from './route.ts';
import { ServiceError, type Api } from '../door/http.ts';

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
    accessFix: env.GITHUB_TOKEN.startsWith(installation)
      ? 'GITHUB_TOKEN is an App’s token, which works for an hour, in the repositories and with the rights of the App: make a new one, or install the App in this repository.'
      : 'Set GITHUB_TOKEN to a token with access to the repository (secrets, administration, environments).',
    addressSetting: 'GITHUB_BASE_URL',
  };
  return { ...api, moved: (location) => movedRepository(api, location), planFix };
}

/** How the token of an App's installation begins, a workflow run's own among them: no user is behind it. */
const installation = 'ghs_';

/** Whether an App's installation is signed in. */
export function isInstallation({ headers }: Api): boolean {
  return headers.authorization?.startsWith(`Bearer ${installation}`) === true;
}

function addressOf(env: NodeJS.ProcessEnv): string {
  return (env.GITHUB_BASE_URL ?? 'https://api.github.com').replace(/\/+$/, '');
}

/** Whether `GITHUB_BASE_URL` names github.com itself, as it does unless it is set. */
export function isGithubCom(env: NodeJS.ProcessEnv = process.env): boolean {
  return new URL(addressOf(env)).hostname === 'api.github.com';
}

/** GitHub refuses what a plan does not have like a bad token (403) or a bad body (422); only its text distinguishes them. */
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

/** A repository's name as the parameters of GitHub's routes. */
export function ofRepository({ owner, repository }: RepositoryName): { readonly owner: string; readonly repo: string } {
  return { owner, repo: repository };
}

/** A repository, or one of its environments, as the parameters of GitHub's routes. */
export function ofEnvironment(name: RepositoryName, environment: string | undefined) {
  return { ...ofRepository(name), ...(environment !== undefined && { environment_name: environment }) };
}

/** One Actions secret as GitHub shows it: never its value. Times are ISO 8601. */
export interface LiveSecret {
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const secretPage = z.object({
  total_count: z.number(),
  secrets: z.array(
    z
      .object({ name: z.string(), created_at: z.string(), updated_at: z.string() })
      .transform(({ name, created_at: createdAt, updated_at: updatedAt }) => ({ name, createdAt, updatedAt })),
  ),
});

const ofRepositoryRoutes = {
  list: 'GET /repos/{owner}/{repo}/actions/secrets',
  key: 'GET /repos/{owner}/{repo}/actions/secrets/public-key',
  read: 'GET /repos/{owner}/{repo}/actions/secrets/{secret_name}',
  write: 'PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}',
  remove: 'DELETE /repos/{owner}/{repo}/actions/secrets/{secret_name}',
} as const;
const ofEnvironmentRoutes = {
  list: 'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets',
  key: 'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key',
  read: 'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}',
  write: 'PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}',
  remove: 'DELETE /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}',
} as const;

/** The routes of Actions secrets in a repository, or in one of its environments. */
export function secretRoutes(environment: string | undefined) {
  return environment === undefined ? ofRepositoryRoutes : ofEnvironmentRoutes;
}

/** The Actions secrets of a repository, or of one of its environments. */
export async function listSecrets(api: Api, name: RepositoryName, environment?: string): Promise<LiveSecret[]> {
  const listed = secretPages(api, secretRoutes(environment).list, ofEnvironment(name, environment));
  // An environment may be gone; a repository that is not there, or hidden from the token, has not lost its secrets.
  return environment === undefined ? listed : ((await orMissing(listed)) ?? []);
}

type SecretList =
  | (typeof ofRepositoryRoutes)['list']
  | (typeof ofEnvironmentRoutes)['list']
  | 'GET /repos/{owner}/{repo}/actions/organization-secrets'
  | 'GET /repos/{owner}/{repo}/dependabot/secrets'
  | 'GET /repos/{owner}/{repo}/codespaces/secrets';

/** All pages of one of GitHub's lists of secrets. */
export async function secretPages(
  api: Api,
  route: SecretList,
  parameters: ReturnType<typeof ofEnvironment>,
): Promise<LiveSecret[]> {
  const found: LiveSecret[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await github(api, route, { ...parameters, per_page: 100, page }, secretPage);
    found.push(...data.secrets);
    if (data.secrets.length === 0 || found.length >= data.total_count) return found;
  }
}

/** Whether the repository has this environment. */
export async function hasEnvironment(api: Api, name: RepositoryName, environment: string): Promise<boolean> {
  const parameters = { ...ofRepository(name), environment_name: environment };
  const route = 'GET /repos/{owner}/{repo}/environments/{environment_name}';
  return (await orMissing(github(api, route, parameters))) !== undefined;
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
