import { repositoryPath, type RepositoryName } from './github.ts';
import { call, ServiceError, type Api } from '../door/http.ts';

function secretsPath(name: RepositoryName, environment: string | undefined): string {
  return environment === undefined
    ? `${repositoryPath(name)}/actions/secrets`
    : `${repositoryPath(name)}/environments/${encodeURIComponent(environment)}/secrets`;
}

/** Seals a value for GitHub's public key and writes it, over whatever is there. Yields GitHub's time of the write. */
export async function sealSecret(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  secret: string,
  value: string,
): Promise<string> {
  const path = secretsPath(name, environment);
  const { json } = await call(api, { path: `${path}/public-key` });
  const { key, key_id: keyId } = json as { readonly key: string; readonly key_id: string };
  // Loaded only here: most looks write nothing.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  await call(api, {
    method: 'PUT',
    path: `${path}/${encodeURIComponent(secret)}`,
    body: { encrypted_value: sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL), key_id: keyId },
    audit: { action: 'set', writes: [{ place: 'actionsSecret', name: secret, in: environment, value }] },
  });
  const written = await call(api, { path: `${path}/${encodeURIComponent(secret)}` });
  return (written.json as { readonly updated_at: string }).updated_at;
}

/** Deletes an Actions secret. */
export async function deleteSecret(api: Api, name: RepositoryName, environment: string | undefined, secret: string) {
  await call(api, {
    method: 'DELETE',
    path: `${secretsPath(name, environment)}/${encodeURIComponent(secret)}`,
    audit: { action: 'delete', writes: [{ place: 'actionsSecret', name: secret, in: environment }] },
  });
}

/** Makes a ruleset, or replaces what it says. Yields its id. */
export async function writeRuleset(
  api: Api,
  name: RepositoryName,
  id: number | undefined,
  ruleset: Readonly<Record<string, unknown>>,
): Promise<number> {
  const base = `${repositoryPath(name)}/rulesets`;
  const { json } = await call(api, {
    method: id === undefined ? 'POST' : 'PUT',
    path: id === undefined ? base : `${base}/${id}`,
    body: ruleset,
    audit: { action: 'set', writes: [{ place: 'ruleset', name: id === undefined ? 'a new one' : String(id) }] },
  });
  return (json as { readonly id: number }).id;
}

interface Actors {
  readonly users?: readonly { readonly login: string }[];
  readonly teams?: readonly { readonly slug: string }[];
  readonly apps?: readonly { readonly slug: string }[];
}

/** Classic protection as a PUT states it, whole. */
export interface ProtectionBody {
  required_status_checks: { strict: boolean; checks: { context: string; app_id?: number }[] } | null;
  enforce_admins: boolean;
  required_pull_request_reviews: Record<string, unknown> | null;
  restrictions: Record<string, readonly string[]> | null;
  required_linear_history: boolean;
  allow_force_pushes: boolean;
  allow_deletions: boolean;
  block_creations: boolean;
  required_conversation_resolution: boolean;
  lock_branch: boolean;
  allow_fork_syncing: boolean;
}

/**
 * Changes the classic protection of a branch in one request that replaces it whole: what `change` leaves alone stays as
 * it is, undeclared settings too. There is no moment without protection.
 */
export async function changeProtection(
  api: Api,
  name: RepositoryName,
  branch: string,
  change: (body: ProtectionBody) => ProtectionBody,
): Promise<void> {
  const path = `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}/protection`;
  const live = await call(api, { path }).then(
    ({ json }) => json as Record<string, unknown>,
    (error: unknown) => {
      if (error instanceof ServiceError && error.status === 404) return {};
      throw error;
    },
  );
  const audit = { action: 'set', writes: [{ place: 'protection', name: branch }] };
  await call(api, { method: 'PUT', path, body: change(bodyOf(live)), audit });
}

/** Requires signed commits: a switch of its own in GitHub's API. */
export async function requireSignatures(api: Api, name: RepositoryName, branch: string): Promise<void> {
  await call(api, {
    method: 'POST',
    path: `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}/protection/required_signatures`,
    audit: { action: 'set', writes: [{ place: 'protection', name: branch, in: 'required_signatures' }] },
  });
}

/** A protection as GitHub answers it, in the form in which it takes it. */
function bodyOf(live: Record<string, unknown>): ProtectionBody {
  const on = (member: string) => (live[member] as { readonly enabled?: boolean } | undefined)?.enabled === true;
  const checks = live.required_status_checks as
    | {
        readonly strict?: boolean;
        readonly checks?: readonly { readonly context: string; readonly app_id: number | null }[];
      }
    | undefined;
  const reviews = live.required_pull_request_reviews as Record<string, unknown> | undefined;
  return {
    required_status_checks: checks
      ? {
          strict: checks.strict ?? false,
          checks: (checks.checks ?? []).map(({ context, app_id: appId }) => ({ context, app_id: appId ?? -1 })),
        }
      : null,
    enforce_admins: on('enforce_admins'),
    required_pull_request_reviews: reviews
      ? {
          dismiss_stale_reviews: reviews.dismiss_stale_reviews ?? false,
          require_code_owner_reviews: reviews.require_code_owner_reviews ?? false,
          require_last_push_approval: reviews.require_last_push_approval ?? false,
          required_approving_review_count: reviews.required_approving_review_count ?? 0,
          ...(isPresent(reviews.dismissal_restrictions) && {
            dismissal_restrictions: names(reviews.dismissal_restrictions),
          }),
          ...(isPresent(reviews.bypass_pull_request_allowances) && {
            bypass_pull_request_allowances: names(reviews.bypass_pull_request_allowances),
          }),
        }
      : null,
    restrictions: isPresent(live.restrictions) ? names(live.restrictions) : null,
    required_linear_history: on('required_linear_history'),
    allow_force_pushes: on('allow_force_pushes'),
    allow_deletions: on('allow_deletions'),
    block_creations: on('block_creations'),
    required_conversation_resolution: on('required_conversation_resolution'),
    lock_branch: on('lock_branch'),
    allow_fork_syncing: on('allow_fork_syncing'),
  };
}

function isPresent(actors: unknown): actors is Actors {
  return typeof actors === 'object' && actors !== null;
}

function names({ users = [], teams = [], apps = [] }: Actors): Record<string, readonly string[]> {
  return {
    users: users.map(({ login }) => login),
    teams: teams.map(({ slug }) => slug),
    apps: apps.map(({ slug }) => slug),
  };
}
