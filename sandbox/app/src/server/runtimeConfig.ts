import { firstSet } from './environment.ts';

/** What the browser is told: public values only. */
export interface RuntimeConfig {
  readonly supabaseUrl: string;
  readonly supabaseAnonKey: string;
  readonly supabaseEdgeUrl?: string | undefined;
  readonly defaultOrganizationId: string;
}

/** Stands in where nothing is set, but never in production. */
const builtInOrganization = '0b7c1d52-6a43-4f1e-9d20-7c5e8a91f364';

/** Throws where a value is missing that has no stand-in. */
export function readRuntimeConfig(): RuntimeConfig {
  const production = (firstSet('NETLIFY_CONTEXT', 'APP_ENV', 'NODE_ENV') ?? 'development') === 'production';
  const supabaseUrl = firstSet('SUPABASE_URL', 'SUPABASE_DATABASE_URL', 'VITE_SUPABASE_URL');
  const supabaseAnonKey = firstSet('SUPABASE_ANON_KEY', 'VITE_SUPABASE_ANON_KEY');
  const defaultOrganizationId =
    firstSet(
      'DEFAULT_ORGANIZATION_ID',
      'SUPABASE_DEFAULT_ORGANIZATION_ID',
      'VITE_DEFAULT_ORGANIZATION_ID',
      'DEFAULT_ORG_ID',
    ) ?? (production ? undefined : builtInOrganization);
  if (!supabaseUrl || !supabaseAnonKey || !defaultOrganizationId) {
    throw new Error('SUPABASE_URL, SUPABASE_ANON_KEY or DEFAULT_ORGANIZATION_ID is not set here');
  }
  const supabaseEdgeUrl = firstSet('SUPABASE_EDGE_URL', 'VITE_SUPABASE_EDGE_URL');
  return { supabaseUrl, supabaseAnonKey, supabaseEdgeUrl, defaultOrganizationId };
}
