import { z } from 'zod';
import type { ServiceReply } from '../server/service.ts';
import { ApiError, bodyOf, branchOf, notFound, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import { protectionObject, protectionUrl, signaturesObject, statusChecksObject } from './protectionObject.ts';
import type { Actors, Protection, RequiredCheck } from './protectionState.ts';
import type { Routes } from './router.ts';
import type { Branch, Repository } from './state.ts';

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

/** `PUT …/protection`: replaces all but the signatures. */
function put(call: Call): ServiceReply {
  return change(call, (repository, branch) => {
    refuseAbsent(call);
    const body = bodyOf(call, protectionBody);
    const reviews = body.required_pull_request_reviews;
    branch.protection = {
      statusChecks: body.required_status_checks && {
        strict: body.required_status_checks.strict ?? false,
        checks: requiredChecks(repository, body.required_status_checks),
      },
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
      signatures: branch.protection?.signatures ?? false,
    };
    return { status: 200, body: protectionObject(call, repository, branch.name, branch.protection) };
  });
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

/** Reads one part of an existing protection. */
function part(show: (call: Call, url: string, protection: Protection) => unknown): Handler {
  return (call) => {
    const repository = repositoryOf(call);
    const branch = branchOf(call, repository);
    return { status: 200, body: show(call, protectionUrl(call, repository, branch.name), existing(branch)) };
  };
}

/** Changes one part of an existing protection. */
function patch(by: (call: Call, repository: Repository, protection: Protection) => Partial<Protection>): Handler {
  return (call) =>
    change(call, (repository, branch) => {
      branch.protection = { ...existing(branch), ...by(call, repository, existing(branch)) };
      return { status: 204 };
    });
}

/** Replies with a part after a change instead of with nothing. */
function then(changed: Handler, shown: Handler): Handler {
  return (call) => {
    const { effects } = changed(call);
    return { ...shown(call), ...(effects && { effects }) };
  };
}

function change(call: Call, by: (repository: Repository, branch: Branch) => ServiceReply): ServiceReply {
  return call.store.update((state) => {
    const repository = repositoryOf(call, state);
    const branch = branchOf(call, repository);
    return { ...by(repository, branch), effects: [`protection ${branch.name}`] };
  });
}

function existing(branch: Branch): Protection {
  if (!branch.protection) throw notFound('Branch not protected');
  return branch.protection;
}

const signatures = part((_call, url, protection) => signaturesObject(url, protection));
const admins = part((_call, url, protection) => ({ url: `${url}/enforce_admins`, enabled: protection.enforceAdmins }));
const checks = part((_call, url, protection) => {
  if (!protection.statusChecks) throw notFound('Required status checks not enabled');
  return statusChecksObject(url, protection.statusChecks);
});

const path = '/repos/:owner/:repo/branches/:branch/protection';

/** Classic protection of branches. */
export const protectionRoutes: Routes = {
  [`GET ${path}`]: (call) => {
    const repository = repositoryOf(call);
    const branch = branchOf(call, repository);
    return { status: 200, body: protectionObject(call, repository, branch.name, existing(branch)) };
  },
  [`PUT ${path}`]: put,
  [`DELETE ${path}`]: (call) =>
    change(call, (_repository, branch) => {
      existing(branch);
      delete branch.protection;
      return { status: 204 };
    }),
  [`GET ${path}/required_signatures`]: signatures,
  [`POST ${path}/required_signatures`]: then(
    patch(() => ({ signatures: true })),
    signatures,
  ),
  [`DELETE ${path}/required_signatures`]: patch(() => ({ signatures: false })),
  [`GET ${path}/enforce_admins`]: admins,
  [`POST ${path}/enforce_admins`]: then(
    patch(() => ({ enforceAdmins: true })),
    admins,
  ),
  [`DELETE ${path}/enforce_admins`]: patch(() => ({ enforceAdmins: false })),
  [`DELETE ${path}/required_pull_request_reviews`]: patch(() => ({ reviews: null })),
  [`GET ${path}/required_status_checks`]: checks,
  [`PATCH ${path}/required_status_checks`]: then(
    patch((call, repository, protection) => {
      const body = bodyOf(call, checksBody);
      const before = protection.statusChecks ?? { strict: false, checks: [] };
      return {
        statusChecks: {
          strict: body.strict ?? before.strict,
          checks: body.checks || body.contexts ? requiredChecks(repository, body) : before.checks,
        },
      };
    }),
    checks,
  ),
  [`DELETE ${path}/required_status_checks`]: patch(() => ({ statusChecks: null })),
};
