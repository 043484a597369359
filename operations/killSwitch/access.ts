import { supabaseDatabase, type SupabaseDatabase } from '../../services/supabase.ts';
import { valueOf } from '../../secrets/valueOf.ts';
import { resolveReferences, type Wanted } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import type { Settings } from '../../settings/settings.ts';
import { sharedProject } from '../../settings/sharedProject.ts';

/**
 * Where the shared database is. `STAGING_SUPABASE_URL` in the environment stands for it (a proxy, the sandbox); never
 * `SUPABASE_URL`, which a developer's shell may hold for a branch: the shared project's key must not go there.
 */
export function databaseUrl(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.STAGING_SUPABASE_URL;
  const url = given === undefined || given === '' ? sharedProject.url : given;
  if (!URL.canParse(url)) throw new Error('STAGING_SUPABASE_URL is not an address. Unset it, or set https://HOST.');
  return url;
}

/** The host of {@link databaseUrl}, for people. */
export function databaseHost(env: NodeJS.ProcessEnv = process.env): string {
  return new URL(databaseUrl(env)).host;
}

/**
 * The shared database with the service role: the key from the environment when it is there, so that it works while the
 * vault is down, else from the vault by the reference that Netlify's variable uses.
 */
export async function openDatabase(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SupabaseDatabase> {
  const url = databaseUrl(env);
  const key = env.SUPABASE_SERVICE_ROLE_KEY;
  if (key) return supabaseDatabase(url, key);
  const access = vaultAccess(env);
  const advice = 'Set SUPABASE_SERVICE_ROLE_KEY, or give access to 1Password (OP_SERVICE_ACCOUNT_TOKEN).';
  if (access.kind === 'none') throw new Error(`No key for the database. ${advice}`);
  const wanted = wantedFor(settings, 'SUPABASE_SERVICE_ROLE_KEY');
  try {
    const values = await resolveReferences(access, [wanted]);
    return supabaseDatabase(url, valueOf(values, wanted.reference));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nWithout the vault: ${advice}`, {
      cause: error,
    });
  }
}

function wantedFor({ netlify }: Settings, name: string): Wanted {
  const source = netlify.variables.find((variable) => variable.name === name)?.values[0]?.source;
  if (source?.kind !== 'reference') {
    throw new Error(`${name} has no 1Password reference in the configuration. Set it in the environment instead.`);
  }
  return { reference: source.reference, wantedBy: `${name} (kill switch)` };
}
