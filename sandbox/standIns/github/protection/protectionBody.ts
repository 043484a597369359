import { z } from 'zod';
import { ApiError, bodyOf } from '../call.ts';
import type { Call } from '../call.ts';
import type { Actors, Protection, RequiredCheck } from './protectionState.ts';
import type { Repository } from '../records.ts';

const names = z.array(z.string());
const actors = z.object({ users: names.nullish(), teams: names.nullish(), apps: names.nullish() });
const check = z.object({ context: z.string().min(1), app_id: z.int().nullish() });
const reviewsBody = z.object({
  dismissal_restrictions: actors.nullish(),
  dismiss_stale_reviews: z.boolean().default(false),
  require_code_owner_reviews: z.boolean().default(false),
  required_approving_review_count: z.int().min(0).max(6).default(1),
  require_last_push_approval: z.boolean().nullish(),
  bypass_pull_request_allowances: actors.nullish(),
});
const checksBody = z.object({
  strict: z.boolean().optional(),
  contexts: names.optional(),
  checks: z.array(check).optional(),
});
/** An absent flag is off: a PUT states the whole protection. */
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const protectionBody = z.object({
  required_status_checks: checksBody.nullable(),
  required_pull_request_reviews: reviewsBody.nullable(),
  restrictions: actors.nullable(),
  enforce_admins: flag,
  required_linear_history: flag,
  allow_force_pushes: flag,
  allow_deletions: flag,
  block_creations: flag,
  required_conversation_resolution: flag,
  lock_branch: flag,
  allow_fork_syncing: flag,
});

const mustBeSupplied = [
  'required_status_checks',
  'enforce_admins',
  'required_pull_request_reviews',
  'restrictions',
] as const;

/** The protection that a PUT asks for. */
export function requestedProtection(call: Call, repository: Repository, before: Protection | undefined): Protection {
  refuseAbsent(call);
  const body = bodyOf(call, protectionBody);
  const reviews = body.required_pull_request_reviews;
  const checks = body.required_status_checks;
  if (
    repository.ownedByUser &&
    (body.restrictions || reviews?.dismissal_restrictions || reviews?.bypass_pull_request_allowances)
  ) {
    throw new ApiError(422, 'Validation Failed', [
      'Only organization repositories can have users and team restrictions',
    ]);
  }
  return {
    statusChecks: checks && { strict: checks.strict ?? false, checks: requiredChecks(repository, checks) },
    reviews: reviews && {
      dismissStale: reviews.dismiss_stale_reviews,
      codeOwners: reviews.require_code_owner_reviews,
      lastPushApproval: reviews.require_last_push_approval ?? false,
      count: reviews.required_approving_review_count,
      dismissal: someActors(reviews.dismissal_restrictions),
      bypass: someActors(reviews.bypass_pull_request_allowances),
    },
    restrictions: body.restrictions && allActors(body.restrictions),
    enforceAdmins: body.enforce_admins,
    linearHistory: body.required_linear_history,
    allowForcePushes: body.allow_force_pushes,
    allowDeletions: body.allow_deletions,
    blockCreations: body.block_creations,
    conversationResolution: body.required_conversation_resolution,
    lockBranch: body.lock_branch,
    allowForkSyncing: body.allow_fork_syncing,
    signatures: before?.signatures ?? false,
  };
}

/** The required checks after a PATCH: what it leaves out stays. */
export function requestedChecks(call: Call, repository: Repository, before: Protection): Protection['statusChecks'] {
  const body = bodyOf(call, checksBody);
  return {
    strict: body.strict ?? before.statusChecks?.strict ?? false,
    checks: body.checks || body.contexts ? requiredChecks(repository, body) : (before.statusChecks?.checks ?? []),
  };
}

/** GitHub wants the four main parts spelled out, `null` at least. */
function refuseAbsent(call: Call): void {
  const body: unknown = bodyOf(call, z.looseObject({}));
  const absent = mustBeSupplied.filter((key) => !Object.hasOwn(body as object, key)).map((key) => `"${key}"`);
  if (absent.length === 0) return;
  throw new ApiError(
    422,
    `Invalid request.\n\n${absent.join(', ')} ${absent.length > 1 ? "weren't" : "wasn't"} supplied.`,
  );
}

/**
 * The required checks with their apps: `checks` or `contexts`, never both. `-1` is any app. Without an app GitHub
 * picks the one that reported this check before, if one did: what is then read back is not what was written.
 * A context that is listed twice is kept twice; GitHub's documentation does not say what becomes of it.
 */
function requiredChecks(repository: Repository, body: z.infer<typeof checksBody>): RequiredCheck[] {
  if ((body.checks === undefined) === (body.contexts === undefined)) {
    const how = body.checks ? 'More than one subschema in "oneOf"' : 'No subschema in "anyOf"';
    throw new ApiError(422, `Invalid request.\n\n${how} matched for required_status_checks.`);
  }
  const wanted = body.checks ?? (body.contexts ?? []).map((context) => ({ context, app_id: undefined }));
  return wanted.map(({ context, app_id }) => {
    if (app_id === -1) return { context, app_id: null };
    const reporter = repository.checkRuns.findLast(({ name }) => name === context)?.appId;
    return { context, app_id: app_id ?? reporter ?? null };
  });
}

function allActors(some: z.infer<typeof actors>): Actors {
  return { users: some.users ?? [], teams: some.teams ?? [], apps: some.apps ?? [] };
}

/** An empty object switches a restriction off. */
function someActors(some: z.infer<typeof actors> | null | undefined): Actors | null {
  if (!some || (!some.users && !some.teams && !some.apps)) return null;
  return allActors(some);
}
