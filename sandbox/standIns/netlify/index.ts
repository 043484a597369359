import { join } from 'node:path';
import { RateLimit } from './rateLimit.ts';
import { route } from './router.ts';
import type { NetlifyOptions, NetlifyService } from './netlifyService.ts';
import { netlifyStore } from './stateFile.ts';

export { netlifyTokens, netlifyValues, type NetlifyValue } from './inspect.ts';
export { deployOfHost, type ServedDeploy } from './hosting.ts';
export { seedNetlify, type NetlifySeed } from './seed.ts';

/** Netlify's HTTP API on loopback: teams, sites, environment variables. */
export function createNetlify(options: NetlifyOptions): NetlifyService {
  const store = netlifyStore(options.stateDir);
  const filesDir = join(options.stateDir, 'netlify-files');
  const rateLimit = new RateLimit(options.rateLimit);
  return { name: 'netlify', store, handle: (request) => route({ store, filesDir, rateLimit }, request) };
}
