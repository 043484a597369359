import type { ServiceReply } from '../../../server/service.ts';
import { branchOf, notFound, refuseFreePlan, repositoryOf } from '../call.ts';
import type { Call, Handler } from '../call.ts';
import { requestedChecks, requestedProtection } from './protectionBody.ts';
import { protectionObject, protectionUrl, signaturesObject, statusChecksObject } from './protectionObject.ts';
import type { Protection } from './protectionState.ts';
import type { Routes } from '../router.ts';
import type { Branch, Repository } from '../records.ts';

/** `PUT …/protection`: replaces all but the signatures. */
function put(call: Call): ServiceReply {
  return change(call, (repository, branch) => {
    branch.protection = requestedProtection(call, repository, branch.protection);
    return { status: 200, body: protectionObject(call, repository, branch.name, branch.protection) };
  });
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
    refuseFreePlan(repository);
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
    refuseFreePlan(repository);
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
    patch((call, repository, protection) => ({ statusChecks: requestedChecks(call, repository, protection) })),
    checks,
  ),
  [`DELETE ${path}/required_status_checks`]: patch(() => ({ statusChecks: null })),
};
