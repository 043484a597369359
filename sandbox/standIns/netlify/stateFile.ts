import { join } from 'node:path';
import { Store } from '../../server/store.ts';
import { initialState, type NetlifyState } from './state.ts';

/** The store of a state folder; open it anew for what another process has written. */
export function netlifyStore(stateDir: string): Store<NetlifyState> {
  return new Store(join(stateDir, 'netlify.json'), initialState);
}
