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

function isPlaceholder(value: string): boolean {
  const word = value.toLowerCase();
  return (
    word.replaceAll('*', '') === '' || word === 'changeme' || word.startsWith('replace') || word.startsWith('your-')
  );
}

/** The publishable key wherever one is set, also under the names that Netlify's extension makes; else the anon key. */
function clientKey(): string | undefined {
  const named = firstSet(
    'SUPABASE_PUBLISHABLE_KEY',
    'VITE_SUPABASE_PUBLISHABLE_KEY',
    'SUPABASE_PUBLISHABLE_KEY_SUPABASE_ANON_KEY',
    'VITE_SUPABASE_PUBLISHABLE_KEY_SUPABASE_ANON_KEY',
  );
  const generated = Object.keys(process.env).filter(
    (name) => name.includes('PUBLISHABLE') && name.endsWith('_SUPABASE_ANON_KEY'),
  );
  return named ?? firstSet(...generated, 'SUPABASE_ANON_KEY', 'VITE_SUPABASE_ANON_KEY');
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`${name} is not set here`);
  if (isPlaceholder(value)) throw new Error(`${name} is a placeholder`);
  return value;
}

/** Throws where a value is missing that has no stand-in, or is no value. */
export function readRuntimeConfig(): RuntimeConfig {
  const production =
    (firstSet('APP_ENV', 'NODE_ENV', 'ENVIRONMENT', 'NETLIFY_CONTEXT') ?? 'development') === 'production';
  const supabaseUrl = needed(firstSet('SUPABASE_URL', 'VITE_SUPABASE_URL'), 'SUPABASE_URL');
  if (!URL.canParse(supabaseUrl)) throw new Error('SUPABASE_URL is no address');
  const supabaseAnonKey = needed(clientKey(), 'SUPABASE_ANON_KEY');
  if (production && supabaseAnonKey.length < 24) throw new Error('SUPABASE_ANON_KEY is too short for a key');
  const defaultOrganizationId =
    firstSet(
      'DEFAULT_ORGANIZATION_ID',
      'SUPABASE_DEFAULT_ORGANIZATION_ID',
      'VITE_DEFAULT_ORGANIZATION_ID',
      'DEFAULT_ORG_ID',
    ) ?? (production ? undefined : builtInOrganization);
  return {
    supabaseUrl,
    supabaseAnonKey,
    supabaseEdgeUrl: firstSet('SUPABASE_EDGE_URL', 'VITE_SUPABASE_EDGE_URL'),
    defaultOrganizationId: needed(defaultOrganizationId, 'DEFAULT_ORGANIZATION_ID'),
  };
}
