import type { ServiceReply } from '../../../server/service.ts';
import { ApiError } from '../apiError.ts';
import { findSite, objectBody, page, type Call, type Route } from '../call.ts';
import { readDeploy, type DeployInput } from './deployInput.ts';
import { findDeploy } from './deployState.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import { advance } from './buildProgress.ts';
import { deployView } from './deployView.ts';
import { contextOf, newDeploy } from './newDeploy.ts';
import { settle } from './publishing.ts';
import { tick } from '../state.ts';

function create(call: Call): ServiceReply {
  const known = findSite(call.store.state, call.params.site_id);
  const input = readDeploy(objectBody(call));
  const isProduction = contextOf(call.store.state, known, input) === 'production';
  if (isProduction && known.prevent_non_git_prod_deploys) {
    throw new ApiError(403, 'Production deploys must come from Git');
  }
  return call.store.update((state) => {
    const site = findSite(state, known.id);
    const deploy = newDeploy(state, site, { ...input, title: call.query.get('title') ?? '' });
    apply(deploy, input);
    state.deploys.push(deploy);
    const effects = [`deploy ${deploy.id} created`, ...settle(state, site, deploy, call.filesDir)];
    return { status: 200, body: deployView(state, site, deploy, call.filesDir), effects };
  });
}

function apply(deploy: StoredDeploy, { parts, environment }: DeployInput): void {
  Object.assign(deploy.environment, environment);
  if (!parts) return;
  Object.assign(deploy, parts);
  deploy.state = 'uploading';
}

function update(call: Call): ServiceReply {
  const known = findSite(call.store.state, call.params.site_id);
  const { id, state: status } = findDeploy(call.store.state, call.params.deploy_id, known.id);
  if (status === 'ready' || status === 'error') throw new ApiError(422, 'the deploy has ended');
  const input = readDeploy(objectBody(call));
  return call.store.update((state) => {
    const site = findSite(state, known.id);
    const deploy = findDeploy(state, id);
    apply(deploy, input);
    deploy.updated_at = tick(state);
    const effects = settle(state, site, deploy, call.filesDir);
    return { status: 200, body: deployView(state, site, deploy, call.filesDir), effects };
  });
}

function list(call: Call): ServiceReply {
  const { state } = call.store;
  const site = findSite(state, call.params.site_id);
  const wanted = (name: string) => call.query.get(name) ?? undefined;
  const found = state.deploys
    .filter(({ site_id }) => site_id === site.id)
    .filter((deploy) => wanted('branch') === undefined || deploy.branch === wanted('branch'))
    .filter((deploy) => wanted('state') === undefined || deploy.state === wanted('state'))
    .filter((deploy) => wanted('production') !== 'true' || deploy.context === 'production')
    .filter((deploy) => wanted('deploy-previews') !== 'true' || deploy.context === 'deploy-preview')
    .filter((deploy) => wanted('latest-published') !== 'true' || deploy.id === site.published_deploy_id)
    .reverse();
  return page(
    call,
    found.map((deploy) => deployView(state, site, deploy, call.filesDir)),
  );
}

function get(call: Call): ServiceReply {
  const { state } = call.store;
  const { site_id: siteId, deploy_id: id } = call.params;
  const deploy = findDeploy(state, id, siteId === undefined ? undefined : findSite(state, siteId).id);
  const effects = advance(call, deploy.id);
  return { status: 200, body: deployView(state, findSite(state, deploy.site_id), deploy, call.filesDir), effects };
}

/** A deploy that is ready stays so; any other ends in an error. */
function cancel(call: Call): ServiceReply {
  const { id, site_id: siteId } = findDeploy(call.store.state, call.params.deploy_id);
  return call.store.update((state) => {
    const deploy = findDeploy(state, id);
    const stops = deploy.state !== 'ready' && deploy.state !== 'error';
    if (stops) Object.assign(deploy, { state: 'error', error_message: 'Canceled build', updated_at: tick(state) });
    const effects = stops ? [`deploy ${id} cancelled`] : [];
    return { status: 201, body: deployView(state, findSite(state, siteId), deploy, call.filesDir), effects };
  });
}

function remove(call: Call): ServiceReply {
  const deploy = findDeploy(call.store.state, call.params.deploy_id);
  const live = findSite(call.store.state, deploy.site_id).published_deploy_id === deploy.id;
  if (live) throw new ApiError(422, 'the published deploy cannot be deleted');
  return call.store.update((state) => {
    state.deploys = state.deploys.filter(({ id }) => id !== deploy.id);
    return { status: 204, effects: [`deploy ${deploy.id} deleted`] };
  });
}

export const deployRoutes: readonly Route[] = [
  { method: 'POST', path: '/sites/{site_id}/deploys', handle: create },
  { method: 'GET', path: '/sites/{site_id}/deploys', handle: list },
  { method: 'GET', path: '/sites/{site_id}/deploys/{deploy_id}', handle: get },
  { method: 'PUT', path: '/sites/{site_id}/deploys/{deploy_id}', handle: update },
  { method: 'DELETE', path: '/sites/{site_id}/deploys/{deploy_id}', handle: remove },
  { method: 'GET', path: '/deploys/{deploy_id}', handle: get },
  { method: 'DELETE', path: '/deploys/{deploy_id}', handle: remove },
  { method: 'POST', path: '/deploys/{deploy_id}/cancel', handle: cancel },
];
