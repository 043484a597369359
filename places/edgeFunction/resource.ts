import type { Declare } from '../declare.ts';

/** One Edge Function secret of the Supabase project: a set of its own, so that no other name is written or deleted with it. */
export const declareEdgeFunctionSecret: Declare = ({ name }) => {
  throw new Error(`${name}: Supabase's provider is not set up yet`);
};
