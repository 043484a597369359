import type { ServiceReply } from '../../../server/service.ts';
import { unprocessable } from '../apiError.ts';
import { findSite, type Call, type Route } from '../call.ts';
import { findDeploy } from './deployState.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import { deployView } from './deployView.ts';
import { tick, type NetlifyState, type StoredSite } from '../state.ts';
import { isComplete } from './uploadStore.ts';

/** Moves a deploy whose parts are all there to `ready`, and makes it live when it is production's and nothing is locked. */
export function settle(state: NetlifyState, site: StoredSite, deploy: StoredDeploy, filesDir: string): string[] {
  const waiting = deploy.state === 'uploading' || deploy.state === 'prepared' || deploy.state === 'building';
  if (!waiting || !isComplete(filesDir, deploy)) return [];
  deploy.state = 'ready';
  deploy.updated_at = tick(state);
  const live = state.deploys.find(({ id }) => id === site.published_deploy_id);
  const publishes = deploy.context === 'production' && !deploy.draft && live?.locked !== true;
  return [`deploy ${deploy.id} ready`, ...(publishes ? publish(state, site, deploy) : [])];
}

/** Makes a deploy the one that production serves. */
function publish(state: NetlifyState, site: StoredSite, deploy: StoredDeploy): string[] {
  if (site.published_deploy_id === deploy.id) return [];
  site.published_deploy_id = deploy.id;
  deploy.published_at = tick(state);
  return [`production deploy ${deploy.id} published`];
}

/** Restoring makes a deploy the site's live one, whatever its context: on a shared site that publishes staging to production. */
function restore(call: Call): ServiceReply {
  const known = findSite(call.store.state, call.params.site_id);
  const chosen = findDeploy(call.store.state, call.params.deploy_id, known.id);
  if (chosen.state !== 'ready') throw unprocessable('only a ready deploy can be published');
  return call.store.update((state) => {
    const site = findSite(state, known.id);
    const deploy = findDeploy(state, chosen.id);
    const effects = publish(state, site, deploy);
    return { status: 201, body: deployView(state, site, deploy, call.filesDir), effects };
  });
}

/** Goes back to the deploy that was live before. */
function rollback(call: Call): ServiceReply {
  const known = findSite(call.store.state, call.params.site_id);
  const earlier = call.store.state.deploys
    .filter(({ site_id, id, published_at }) => site_id === known.id && id !== known.published_deploy_id && published_at)
    .sort((a, b) => ((a.published_at ?? '') < (b.published_at ?? '') ? 1 : -1))[0];
  if (!earlier) throw unprocessable('there is no earlier deploy');
  return call.store.update((state) => ({
    status: 204,
    effects: publish(state, findSite(state, known.id), findDeploy(state, earlier.id)),
  }));
}

/** A locked live deploy stays live whatever production deploys come. */
function setLock(call: Call, locked: boolean): ServiceReply {
  const { id, site_id: siteId } = findDeploy(call.store.state, call.params.deploy_id);
  return call.store.update((state) => {
    const deploy = findDeploy(state, id);
    const effects = deploy.locked === locked ? [] : [`deploy ${id} ${locked ? 'locked' : 'unlocked'}`];
    deploy.locked = locked;
    deploy.updated_at = tick(state);
    return { status: 200, body: deployView(state, findSite(state, siteId), deploy, call.filesDir), effects };
  });
}

export const publishingRoutes: readonly Route[] = [
  { method: 'POST', path: '/sites/{site_id}/deploys/{deploy_id}/restore', handle: restore },
  { method: 'PUT', path: '/sites/{site_id}/rollback', handle: rollback },
  { method: 'POST', path: '/deploys/{deploy_id}/lock', handle: (call) => setLock(call, true) },
  { method: 'POST', path: '/deploys/{deploy_id}/unlock', handle: (call) => setLock(call, false) },
];
