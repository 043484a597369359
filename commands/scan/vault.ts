import { isSensitiveName } from '../../detection/names.ts';
import { supabaseRole } from '../../detection/supabaseRole.ts';
import { valueSearch, type KnownValue } from '../../detection/text/valueSearch.ts';
import { resolveReferences, type Wanted } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { placeRules } from '../../places/places.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ValueFinder } from '../../files/scanSources.ts';

/** The references whose values must stay secret: what is marked or named so, never what browsers get or the organisation id. */
function sensitiveReferences({ netlify, placements }: Settings): Wanted[] {
  const variables = netlify.variables
    .filter(({ name, secret }) => secret || isSensitiveName(name))
    .flatMap(({ name, values }) => values.map(({ source }) => ({ name, source })));
  const elsewhere = placements.filter(({ place, name }) => placeRules[place].secret || isSensitiveName(name));
  return [...variables, ...elsewhere].flatMap(({ name, source }) =>
    source.kind === 'reference' ? [{ reference: source.reference, wantedBy: `${name} (scan)` }] : [],
  );
}

/**
 * A search for the actual sensitive values of the stack's settings, read once from 1Password and kept in memory only;
 * `undefined` when this process has no vault access. Throws when the vault does not answer: a scan without its best
 * detector must not look like one with it.
 */
export async function vaultValueFinder(
  root: string,
): Promise<{ readonly find: ValueFinder; readonly count: number } | undefined> {
  const access = vaultAccess();
  if (access.kind === 'none') return undefined;
  const secrets = await resolveReferences(access, sensitiveReferences(fileSettings(root)));
  const known: KnownValue[] = [...secrets]
    .filter(([, secret]) => supabaseRole(secret.reveal()) !== 'publishable')
    .map(([reference, secret]) => ({ name: reference, reveal: () => secret.reveal() }));
  return { find: valueSearch(known), count: known.length };
}
