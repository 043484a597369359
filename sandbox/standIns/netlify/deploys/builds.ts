import type { ServiceReply } from '../../../server/service.ts';
import { notFound, unprocessable } from '../apiError.ts';
import { findSite, page, type Call, type Route } from '../call.ts';
import { findDeploy, newId, productionBranch } from './deployState.ts';
import type { StoredBuild } from './storedDeploy.ts';
import { advance } from './buildProgress.ts';
import { newDeploy } from './newDeploy.ts';
import { tick, type NetlifyState } from '../state.ts';

/**
 * Netlify's own build of a branch from Git; without a branch it is one of *production*, as the vendor documents.
 * Its parts are those of the branch's last deploy: the stand-in cannot build.
 */
function start(call: Call): ServiceReply {
  const known = findSite(call.store.state, call.params.site_id);
  const branch = call.query.get('branch') ?? productionBranch(known);
  const { allowed_branches: allowed, stop_builds: stopped } = known.build_settings;
  if (stopped === true) throw unprocessable('builds are stopped');
  // None listed: every branch is deployed.
  if (Array.isArray(allowed) && allowed.length > 0 && !allowed.includes(branch))
    throw unprocessable('branch is not deployed');
  return call.store.update((state) => {
    const site = findSite(state, known.id);
    const buildId = newId();
    const deploy = newDeploy(state, site, { branch, source: 'git', title: call.query.get('title') ?? '', buildId });
    const last = state.deploys.filter(
      (one) => one.site_id === site.id && one.branch === branch && one.state === 'ready',
    );
    const parts = last.at(-1) ?? deploy;
    const { files, functions, edge_functions, function_runtimes } = structuredClone(parts);
    Object.assign(deploy, { files, functions, edge_functions, function_runtimes, state: 'enqueued' });
    state.deploys.push(deploy);
    const sha = deploy.commit_ref ?? '';
    const build = { id: buildId, deploy_id: deploy.id, sha, done: false, error: '', created_at: tick(state) };
    state.builds.push(build);
    return { status: 200, body: build, effects: [`build ${buildId} of ${branch} started`] };
  });
}

function findBuild(state: NetlifyState, id: string | undefined): StoredBuild {
  const build = state.builds.find((one) => one.id === id);
  if (!build) throw notFound();
  return build;
}

function get(call: Call): ServiceReply {
  const effects = advance(call, findBuild(call.store.state, call.params.build_id).deploy_id);
  return { status: 200, body: findBuild(call.store.state, call.params.build_id), effects };
}

function list(call: Call): ServiceReply {
  const site = findSite(call.store.state, call.params.site_id);
  const { builds } = call.store.state;
  return page(
    call,
    builds.filter(({ deploy_id }) => findDeploy(call.store.state, deploy_id).site_id === site.id).reverse(),
  );
}

export const buildRoutes: readonly Route[] = [
  { method: 'POST', path: '/sites/{site_id}/builds', handle: start },
  { method: 'GET', path: '/sites/{site_id}/builds', handle: list },
  { method: 'GET', path: '/builds/{build_id}', handle: get },
];
