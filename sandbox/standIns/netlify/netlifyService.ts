import type { Service } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import type { NetlifyState } from './state.ts';

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
