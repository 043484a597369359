import { join } from 'node:path';
import { hostsOf } from './deploys/deployState.ts';
import type { StoredDeploy } from './deploys/storedDeploy.ts';
import { netlifyStore } from './stateFile.ts';
import { readUpload } from './deploys/uploadStore.ts';

/** A deploy as whoever serves it needs it. */
export interface ServedDeploy {
  readonly deploy: StoredDeploy;
  /** The bytes of a published path (without a leading slash), if it has one. */
  readonly file: (path: string) => Buffer | undefined;
  /** The bundle of a function, as its client sent it. */
  readonly functionBundle: (name: string) => Buffer | undefined;
}

/**
 * The ready deploy that a host name reaches, e.g. `staging--allincompassing.netlify.app`: of an alias or a branch the
 * newest one. Reads the state anew, so that it sees what the stand-in did a moment ago.
 */
export function deployOfHost(stateDir: string, host: string): ServedDeploy | undefined {
  const { state } = netlifyStore(stateDir);
  const found = state.deploys
    .filter((deploy) => deploy.state === 'ready')
    .filter((deploy) => {
      const site = state.sites.find(({ id }) => id === deploy.site_id);
      return site !== undefined && hostsOf(site, deploy).includes(host.toLowerCase());
    })
    .at(-1);
  if (!found) return undefined;
  const filesDir = join(stateDir, 'netlify-files');
  const read = (digest: string | undefined) => (digest === undefined ? undefined : readUpload(filesDir, digest));
  return {
    deploy: found,
    file: (path) => read(found.files[path]),
    functionBundle: (name) => read(found.functions[name]),
  };
}
