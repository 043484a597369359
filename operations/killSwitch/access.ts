import { supabaseRole } from '../../policies/detection/supabaseRole.ts';
import { ServiceError, type Api } from '../../services/http.ts';
import { supabaseDatabase, type SupabaseDatabase } from '../../services/supabase.ts';
import { managementApi } from '../../services/supabaseManagement.ts';
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
 * The shared database with the service role. Throws for a key that says of itself that it is the public one: row-level
 * security hides the switch from it, and a hidden row would pass for none.
 */
export async function openDatabase(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SupabaseDatabase> {
  const url = databaseUrl(env);
  const key = await credential(settings, 'SUPABASE_SERVICE_ROLE_KEY', 'the database', env);
  if (supabaseRole(key) === 'publishable') {
    throw new ServiceError(
      'SUPABASE_SERVICE_ROLE_KEY is the project’s anon (publishable) key, which sees no row of the kill switch. ' +
        'Set it to the project’s secret (service-role) key.',
      401,
    );
  }
  return supabaseDatabase(url, key);
}

/** The shared project's Management API: it answers while the database is down. */
export async function openManagement(settings: Settings, env: NodeJS.ProcessEnv = process.env): Promise<Api> {
  const token = await credential(settings, 'SUPABASE_ACCESS_TOKEN', 'Supabase’s Management API', env);
  return managementApi({ ...env, SUPABASE_ACCESS_TOKEN: token });
}

/**
 * A credential from the environment when it is there, so that it works while the vault is down, else from the vault by
 * the reference that the variable of that name uses.
 */
async function credential(settings: Settings, name: string, opens: string, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env[name];
  if (given) return given;
  const access = vaultAccess(env);
  const advice = `Set ${name}, or give access to 1Password (OP_SERVICE_ACCOUNT_TOKEN).`;
  if (access.kind === 'none') throw new ServiceError(`No key for ${opens}. ${advice}`, 401, 'no-token');
  const wanted = wantedFor(settings, name);
  try {
    const values = await resolveReferences(access, [wanted]);
    return valueOf(values, wanted.reference);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nWithout the vault: ${advice}`, {
      cause: error,
    });
  }
}

function wantedFor({ netlify, github }: Settings, name: string): Wanted {
  const sources = [
    netlify.variables.find((variable) => variable.name === name)?.values[0]?.source,
    github.secrets.find((secret) => secret.name === name)?.source,
  ];
  const source = sources.find((each) => each?.kind === 'reference');
  if (source?.kind !== 'reference') {
    throw new Error(`${name} has no 1Password reference in the configuration. Set it in the environment instead.`);
  }
  return { reference: source.reference, wantedBy: `${name} (kill switch)` };
}
