import { githubInjections } from './github.ts';
import type { Injection } from './injection.ts';
import { netlifyInjections } from './netlify.ts';
import { siteInjections } from './site.ts';
import { supabaseInjections } from './supabase.ts';
import { vaultInjections } from './vault.ts';

/** Every kind of drift that the sandbox can make, by name. */
export const injections: Readonly<Record<string, Injection>> = {
  ...siteInjections, // first: its deploy is made with values that are not changed yet
  ...netlifyInjections,
  ...githubInjections,
  ...vaultInjections,
  ...supabaseInjections,
};
