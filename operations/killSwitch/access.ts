import { supabaseDatabase, type SupabaseDatabase } from '../../services/supabase.ts';
import { resolveReferences, type Wanted } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import type { Settings } from '../../settings/settings.ts';
import { sharedProject } from '../../settings/sharedProject.ts';

/**
 * The shared database with the service role: from the environment when it has both values, so that it works while the
 * vault is down, else from the vault by the references that Netlify's variables use.
 */
export async function openDatabase(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SupabaseDatabase> {
  const { SUPABASE_URL: url, SUPABASE_SERVICE_ROLE_KEY: key } = env;
  if (key) return supabaseDatabase(url ?? sharedProject.url, key);
  const access = vaultAccess(env);
  const advice =
    'Set SUPABASE_SERVICE_ROLE_KEY (and SUPABASE_URL), or give access to 1Password (OP_SERVICE_ACCOUNT_TOKEN).';
  if (access.kind === 'none') throw new Error(`No key for the database. ${advice}`);
  const wanted = [wantedFor(settings, 'SUPABASE_URL'), wantedFor(settings, 'SUPABASE_SERVICE_ROLE_KEY')];
  try {
    const values = await resolveReferences(access, wanted);
    const [vaultUrl, vaultKey] = wanted.map(({ reference }) => values.get(reference)?.reveal() ?? '');
    return supabaseDatabase(url ?? vaultUrl ?? '', vaultKey ?? '');
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
