import { z } from 'zod';
import {
  actorNames,
  ofEnvironment,
  ofRepository,
  protectionOf,
  repositoryPath,
  secretRoutes,
  type ProtectionAnswer,
  type RepositoryName,
  type SwitchName,
} from './github.ts';
import { github, githubWrite } from './route.ts';
import { call, type Api } from '../door/http.ts';

const publicKey = z.object({ key: z.string(), key_id: z.string() });
const times = z.object({ updated_at: z.string() });
const identified = z.object({ id: z.number() });

/** Seals a value for GitHub's public key and writes it, over whatever is there. Yields GitHub's time of the write. */
export async function sealSecret(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  secret: string,
  value: string,
): Promise<string> {
  const routes = secretRoutes(environment);
  const place = ofEnvironment(name, environment);
  const { key, key_id } = (await github(api, routes.key, place, publicKey)).data;
  // Loaded only here: most looks write nothing.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  const encrypted_value = sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL);
  const audit = { action: 'set', writes: [{ place: 'actionsSecret', name: secret, in: environment, value }] };
  const own = { ...place, secret_name: secret };
  await githubWrite(api, audit, routes.write, { ...own, encrypted_value, key_id });
  return (await github(api, routes.read, own, times)).data.updated_at;
}

/** Deletes an Actions secret. */
export async function deleteSecret(api: Api, name: RepositoryName, environment: string | undefined, secret: string) {
  const audit = { action: 'delete', writes: [{ place: 'actionsSecret', name: secret, in: environment }] };
  const own = { ...ofEnvironment(name, environment), secret_name: secret };
  await githubWrite(api, audit, secretRoutes(environment).remove, own);
}

/** Makes a ruleset, or replaces what it says. Yields its id. */
export async function writeRuleset(
  api: Api,
  name: RepositoryName,
  id: number | undefined,
  ruleset: Readonly<Record<string, unknown>>,
): Promise<number> {
  const all = `${repositoryPath(name)}/rulesets`;
  const [method, path] = id === undefined ? (['POST', all] as const) : (['PUT', `${all}/${id}`] as const);
  const audit = {
    action: 'set',
    writes: [{ place: 'ruleset', name: id === undefined ? 'a new one' : String(id) }],
  };
  return (await call(api, { method, path, body: ruleset, audit }, identified)).data.id;
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
  const live = (await protectionOf(api, name, branch)) ?? {};
  const path = `${repositoryPath(name)}/branches/${encodeURIComponent(branch)}/protection`;
  const audit = { action: 'set', writes: [{ place: 'protection', name: branch }] };
  await call(api, { method: 'PUT', path, body: change(bodyOf(live)), audit });
}

/** Requires signed commits: a switch of its own in GitHub's API. */
export async function requireSignatures(api: Api, name: RepositoryName, branch: string): Promise<void> {
  const audit = { action: 'set', writes: [{ place: 'protection', name: branch, in: 'required_signatures' }] };
  const route = 'POST /repos/{owner}/{repo}/branches/{branch}/protection/required_signatures';
  await githubWrite(api, audit, route, { ...ofRepository(name), branch });
}

type Switch = 'enforce_admins' | SwitchName;

/** A protection as GitHub answers it, in the form in which it takes it. */
function bodyOf(live: ProtectionAnswer): ProtectionBody {
  const { required_status_checks: checks, required_pull_request_reviews: reviews } = live;
  const { dismissal_restrictions: dismissal, bypass_pull_request_allowances: bypass } = reviews ?? {};
  const on = (member: Switch) => live[member]?.enabled === true;
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
          ...(dismissal && { dismissal_restrictions: actorNames(dismissal) }),
          ...(bypass && { bypass_pull_request_allowances: actorNames(bypass) }),
        }
      : null,
    restrictions: live.restrictions ? actorNames(live.restrictions) : null,
    required_linear_history: on('required_linear_history'),
    allow_force_pushes: on('allow_force_pushes'),
    allow_deletions: on('allow_deletions'),
    block_creations: on('block_creations'),
    required_conversation_resolution: on('required_conversation_resolution'),
    lock_branch: on('lock_branch'),
    allow_fork_syncing: on('allow_fork_syncing'),
  };
}
