import { appObject, simpleUser, teamObject } from '../accounts.ts';
import { repositoryUrl } from '../call.ts';
import type { Call } from '../call.ts';
import type { Actors, Protection, RequiredReviews } from './protectionState.ts';
import type { Repository } from '../records.ts';

/** The URL of a branch's protection. */
export function protectionUrl(call: Call, repository: Repository, branch: string): string {
  return `${repositoryUrl(call, repository)}/branches/${encodeURIComponent(branch)}/protection`;
}

/** A branch's classic protection as the API shows it; what is off is left out or `{ enabled: false }`. */
export function protectionObject(call: Call, repository: Repository, branch: string, protection: Protection) {
  const url = protectionUrl(call, repository, branch);
  return {
    url,
    ...(protection.statusChecks && { required_status_checks: statusChecksObject(url, protection.statusChecks) }),
    ...(protection.reviews && { required_pull_request_reviews: reviewsObject(call, url, protection.reviews) }),
    ...(protection.restrictions && {
      restrictions: {
        url: `${url}/restrictions`,
        users_url: `${url}/restrictions/users`,
        teams_url: `${url}/restrictions/teams`,
        apps_url: `${url}/restrictions/apps`,
        ...actorsObject(call, protection.restrictions),
      },
    }),
    required_signatures: signaturesObject(url, protection),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: { enabled: protection.linearHistory },
    allow_force_pushes: { enabled: protection.allowForcePushes },
    allow_deletions: { enabled: protection.allowDeletions },
    block_creations: { enabled: protection.blockCreations },
    required_conversation_resolution: { enabled: protection.conversationResolution },
    lock_branch: { enabled: protection.lockBranch },
    allow_fork_syncing: { enabled: protection.allowForkSyncing },
  };
}

/** The part about required checks. */
export function statusChecksObject(url: string, { strict, checks }: NonNullable<Protection['statusChecks']>) {
  return {
    url: `${url}/required_status_checks`,
    strict,
    contexts: checks.map(({ context }) => context),
    contexts_url: `${url}/required_status_checks/contexts`,
    checks,
  };
}

/** The part about signed commits. */
export function signaturesObject(url: string, protection: Protection) {
  return { url: `${url}/required_signatures`, enabled: protection.signatures };
}

function reviewsObject(call: Call, url: string, reviews: RequiredReviews) {
  const dismissal = `${url}/dismissal_restrictions`;
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: reviews.dismissStale,
    require_code_owner_reviews: reviews.codeOwners,
    require_last_push_approval: reviews.lastPushApproval,
    required_approving_review_count: reviews.count,
    ...(reviews.dismissal && {
      dismissal_restrictions: {
        url: dismissal,
        users_url: `${dismissal}/users`,
        teams_url: `${dismissal}/teams`,
        ...actorsObject(call, reviews.dismissal),
      },
    }),
    ...(reviews.bypass && { bypass_pull_request_allowances: actorsObject(call, reviews.bypass) }),
  };
}

/** GitHub leaves out whom it does not know, silently. */
function actorsObject(call: Call, actors: Actors) {
  const { users, teams, apps } = call.store.state;
  return {
    users: users.filter(({ login }) => actors.users.includes(login)).map(({ login }) => simpleUser(call, login)),
    teams: teams.filter(({ slug }) => actors.teams.includes(slug)).map((team) => teamObject(call, team)),
    apps: apps.filter(({ slug }) => actors.apps.includes(slug)).map((app) => appObject(call, app)),
  };
}
