import { supabaseRole } from '../detection/supabaseRole.ts';
import { ServiceError, type Api } from '../services/door/http.ts';
import { supabaseDatabase, type SupabaseDatabase } from '../services/supabase/supabase.ts';
import { managementApi } from '../services/supabase/management.ts';
import { valueOf } from '../secrets/valueOf.ts';
import { resolveReferences, type Wanted } from '../secrets/vault.ts';
import { vaultAccess } from '../secrets/vaultAccess.ts';
import { stagingSource, type Settings } from '../settings/settings.ts';
import { secretKeyVariables } from '../settings/names/names.ts';
import { requireOwnProject } from '../settings/supabaseAddress.ts';
import { projectOf } from '../settings/supabaseProject.ts';

/**
 * Where the database of the configured project is. `STAGING_SUPABASE_URL` in the environment stands for it (a proxy, the sandbox); never
 * `SUPABASE_URL`, which a developer's shell may hold for a branch: the project's key must not go there.
 */
export function databaseUrl(settings: Pick<Settings, 'supabase'>, env: NodeJS.ProcessEnv = process.env): string {
  const given = env.STAGING_SUPABASE_URL;
  const url = given === undefined || given === '' ? projectOf(settings).url : given;
  if (!URL.canParse(url)) throw new Error('STAGING_SUPABASE_URL is not an address. Unset it, or set https://HOST.');
  requireOwnProject('STAGING_SUPABASE_URL', url, projectOf(settings));
  return url;
}

/** The host of {@link databaseUrl}, for people. */
export function databaseHost(settings: Pick<Settings, 'supabase'>, env: NodeJS.ProcessEnv = process.env): string {
  return new URL(databaseUrl(settings, env)).host;
}

/**
 * The shared database with the service role. Throws for a key that says of itself that it is the public one: row-level
 * security hides the switch from it, and a hidden row would pass for none.
 */
export async function openDatabase(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
): Promise<SupabaseDatabase> {
  const url = databaseUrl(settings, env);
  const { name, value: key } = await credential(settings, secretKeyVariables, 'the database', env);
  if (supabaseRole(key) === 'publishable') {
    throw new ServiceError(
      `${name} is the project’s anon (publishable) key, which sees no row of the kill switch. ` +
        'Set it to the project’s secret (service-role) key.',
      401,
    );
  }
  return supabaseDatabase(url, key);
}

/** The shared project's Management API: it answers while the database is down. */
export async function openManagement(settings: Settings, env: NodeJS.ProcessEnv = process.env): Promise<Api> {
  const { value: token } = await credential(settings, ['SUPABASE_ACCESS_TOKEN'], 'Supabase’s Management API', env);
  return managementApi({ ...env, SUPABASE_ACCESS_TOKEN: token });
}

/**
 * A credential from the environment when it is there, so that it works while the vault is down, else from the vault by
 * the reference that a variable of these names uses: the first of them that there is.
 */
async function credential(
  settings: Settings,
  names: readonly string[],
  opens: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly name: string; readonly value: string }> {
  for (const name of names) {
    const value = env[name];
    if (value) return { name, value };
  }
  const access = vaultAccess(env);
  const advice = `Set ${orList(names)}, or give access to 1Password (OP_SERVICE_ACCOUNT_TOKEN).`;
  if (access.kind === 'none') throw new ServiceError(`No key for ${opens}. ${advice}`, 401, 'no-token');
  const { name, wanted } = wantedFor(settings, names);
  try {
    const values = await resolveReferences(access, [wanted]);
    return { name, value: valueOf(values, wanted.reference) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nWithout the vault: ${advice}`, {
      cause: error,
    });
  }
}

function wantedFor(settings: Settings, names: readonly string[]): { readonly name: string; readonly wanted: Wanted } {
  for (const name of names) {
    const sources = [stagingSource(settings, name), settings.placements.find((each) => each.name === name)?.source];
    const source = sources.find((each) => each?.kind === 'reference');
    if (source?.kind === 'reference') {
      return { name, wanted: { reference: source.reference, wantedBy: `${name} (kill switch)` } };
    }
  }
  throw new Error(
    `${orList(names)} has no 1Password reference in the configuration. Set it in the environment instead.`,
  );
}

/** Names for people, the one that every team knows first. */
function orList(names: readonly string[]): string {
  return names.toReversed().join(' or ');
}
