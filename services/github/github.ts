import { movedRepository } from './moved.ts';
import { call, ServiceError, type Api } from '../door/http.ts';

/** Classic branch protection as GitHub's REST API answers it, as far as this project needs it. */
export interface LiveProtection {
  readonly requiredChecks: readonly { readonly context: string; readonly appId: number | null }[];
  readonly strict: boolean;
  readonly reviews?: {
    readonly dismissStaleReviews: boolean;
    readonly requireCodeOwnerReviews: boolean;
    readonly requireLastPushApproval: boolean;
    readonly requiredApprovingReviewCount: number;
    /** People, teams and apps that may dismiss reviews or bypass them: settings that this project does not declare. */
    readonly hasExceptions: boolean;
  };
  readonly restrictions?: {
    readonly users: readonly string[];
    readonly teams: readonly string[];
    readonly apps: readonly string[];
  };
  readonly enforceAdmins: boolean;
  /** The names of every other switch that is on, in GitHub's spelling. */
  readonly switches: readonly string[];
}

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

/** The rulesets of the repository by name. */
export async function listRulesets(api: Api, name: RepositoryName): Promise<{ id: number; name: string }[]> {
  const answer = await orMissing(call(api, { path: `${repositoryPath(name)}/rulesets`, query: { per_page: '100' } }));
  return (answer?.json ?? []) as { id: number; name: string }[];
}

/** The classic protection of a branch; `undefined` when it has none. */
export async function readProtection(
  api: Api,
  name: RepositoryName,
  branch: string,
): Promise<LiveProtection | undefined> {
  const answer = await orMissing(
    call(api, { path: `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}/protection` }),
  );
  return answer && liveProtection(answer.json as ProtectionAnswer);
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

interface Switch {
  readonly enabled?: boolean;
}

interface Actors {
  readonly users?: readonly { readonly login: string }[];
  readonly teams?: readonly { readonly slug: string }[];
  readonly apps?: readonly { readonly slug: string }[];
}

interface ProtectionAnswer {
  readonly required_status_checks?: {
    readonly strict?: boolean;
    readonly checks?: readonly { readonly context: string; readonly app_id: number | null }[];
    readonly contexts?: readonly string[];
  };
  readonly required_pull_request_reviews?: {
    readonly dismiss_stale_reviews?: boolean;
    readonly require_code_owner_reviews?: boolean;
    readonly require_last_push_approval?: boolean;
    readonly required_approving_review_count?: number;
    readonly dismissal_restrictions?: Actors;
    readonly bypass_pull_request_allowances?: Actors;
  };
  readonly restrictions?: Actors | null;
  readonly enforce_admins?: Switch;
}

const switchNames = [
  'required_linear_history',
  'allow_force_pushes',
  'allow_deletions',
  'block_creations',
  'required_conversation_resolution',
  'required_signatures',
  'lock_branch',
  'allow_fork_syncing',
] as const;

function liveProtection(answer: ProtectionAnswer): LiveProtection {
  const checks = answer.required_status_checks;
  const reviews = answer.required_pull_request_reviews;
  const switches = answer as Partial<Record<(typeof switchNames)[number], Switch>>;
  return {
    strict: checks?.strict ?? false,
    requiredChecks: (checks?.checks ?? checks?.contexts?.map((context) => ({ context, app_id: null })) ?? []).map(
      ({ context, app_id: appId }) => ({ context, appId: appId === -1 ? null : appId }),
    ),
    ...(reviews && {
      reviews: {
        dismissStaleReviews: reviews.dismiss_stale_reviews ?? false,
        requireCodeOwnerReviews: reviews.require_code_owner_reviews ?? false,
        requireLastPushApproval: reviews.require_last_push_approval ?? false,
        requiredApprovingReviewCount: reviews.required_approving_review_count ?? 0,
        // Without restrictions GitHub leaves them out; with empty lists nobody may dismiss a review.
        hasExceptions:
          reviews.dismissal_restrictions !== undefined || hasActors(reviews.bypass_pull_request_allowances),
      },
    }),
    ...(answer.restrictions && {
      restrictions: {
        users: (answer.restrictions.users ?? []).map(({ login }) => login),
        teams: (answer.restrictions.teams ?? []).map(({ slug }) => slug),
        apps: (answer.restrictions.apps ?? []).map(({ slug }) => slug),
      },
    }),
    enforceAdmins: answer.enforce_admins?.enabled ?? false,
    switches: switchNames.filter((name) => switches[name]?.enabled === true),
  };
}

function hasActors(actors: Actors | undefined): boolean {
  return [actors?.users, actors?.teams, actors?.apps].some((list) => (list?.length ?? 0) > 0);
}
