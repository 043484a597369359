import { findSite, type Call } from '../call.ts';
import { findDeploy } from './deployState.ts';
import { settle } from './publishing.ts';
import { tick } from '../state.ts';

/** A build goes one step on each time it is read: enqueued, building, ended. */
export function advance(call: Call, deployId: string): string[] {
  const { state } = call.store;
  const { state: status, site_id: siteId } = findDeploy(state, deployId);
  const outcome = state.behaviour.buildOutcome;
  if ((status !== 'enqueued' && status !== 'building') || (status === 'building' && outcome === 'never')) return [];
  return call.store.update((now) => {
    const deploy = findDeploy(now, deployId);
    const build = now.builds.find(({ deploy_id }) => deploy_id === deployId);
    if (status === 'enqueued') {
      deploy.state = 'building';
      return [];
    }
    if (build) build.done = true;
    if (outcome === 'ready') return settle(now, findSite(now, siteId), deploy, call.filesDir);
    const message = 'Build script returned non-zero exit code: 2';
    Object.assign(deploy, { state: 'error', error_message: message, updated_at: tick(now) });
    if (build) build.error = message;
    return [`deploy ${deployId} failed`];
  });
}
