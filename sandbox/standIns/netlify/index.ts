import { join } from 'node:path';
import type { Service } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import { RateLimit } from './rateLimit.ts';
import { route } from './router.ts';
import type { NetlifyState } from './state.ts';
import { netlifyStore } from './stateFile.ts';

export { netlifyTokens, netlifyValues, type NetlifyValue } from './inspect.ts';
export { deployOfHost, type ServedDeploy } from './hosting.ts';
export { seedNetlify, type NetlifySeed } from './seed.ts';

export interface NetlifyOptions {
  /** Folder of the state: `netlify.json` and the deploys' files. */
  readonly stateDir: string;
  /** Refuses (429) beyond this many requests a minute and token. Default: none is refused; the headers tell of 500. */
  readonly rateLimit?: number;
}

/** The stand-in, with its state for those who seed it while it runs. */
export interface NetlifyService extends Service {
  readonly store: Store<NetlifyState>;
}

/** Netlify's HTTP API on loopback: teams, sites, environment variables. */
export function createNetlify(options: NetlifyOptions): NetlifyService {
  const store = netlifyStore(options.stateDir);
  const filesDir = join(options.stateDir, 'netlify-files');
  const rateLimit = new RateLimit(options.rateLimit);
  return { name: 'netlify', store, handle: (request) => route({ store, filesDir, rateLimit }, request) };
}
