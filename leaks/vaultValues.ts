import { isSensitiveName } from '../detection/names.ts';
import { supabaseRole } from '../detection/supabaseRole.ts';
import type { KnownValue } from '../detection/text/valueSearch.ts';
import { placeRules } from '../places/places.ts';
import { markOf, previous } from '../rotation/vault/fields.ts';
import type { Secret } from '../secrets/secret.ts';
import type { Wanted } from '../secrets/vault.ts';
import type { ItemFields } from '../secrets/vaultFields.ts';
import type { Settings } from '../settings/settings.ts';

/** The references whose values must stay secret: what is marked or named so, never what browsers get or the organisation id. */
export function sensitiveReferences({ netlify, placements }: Pick<Settings, 'netlify' | 'placements'>): Wanted[] {
  const variables = netlify.variables
    .filter(({ name, secret }) => secret || isSensitiveName(name))
    .flatMap(({ name, values }) => values.map(({ source }) => ({ name, source })));
  const elsewhere = placements.filter(({ place, name }) => placeRules[place].secret || isSensitiveName(name));
  return [...variables, ...elsewhere].flatMap(({ name, source }) =>
    source.kind === 'reference' ? [{ reference: source.reference, wantedBy: `${name} (scan)` }] : [],
  );
}

/** Whether a value was made to be seen, whatever the name of its field. */
export function isMadePublic(secret: Secret): boolean {
  return supabaseRole(secret.reveal()) === 'publishable';
}

/** One secret of the vault, with every field that holds it. */
export interface VaultValue extends KnownValue {
  readonly secret: Secret;
  /** The fields that hold it now; of one that a rotation has replaced, the fields that have the new one. */
  readonly references: readonly string[];
  /** `public`: made for browsers, so that nothing leaks where it is seen. */
  readonly state: 'current' | 'previous' | 'public';
  /** Who replaces it at this moment, as the vault says: `by NAME since TIME`. */
  readonly mark: string | undefined;
}

/**
 * Every value by which something found may be recognised: those of the sensitive fields, and those that a rotation has replaced
 * (`previous_…`). One that several fields hold is one value. `fields`: what stands beside each reference.
 */
export function vaultValues(
  sensitive: readonly string[],
  values: ReadonlyMap<string, Secret>,
  fields: ReadonlyMap<string, ItemFields>,
): VaultValue[] {
  const current = byValue(sensitive, (reference) => values.get(reference));
  const old = byValue(sensitive, (reference) => fields.get(reference)?.get(previous(reference)));
  const marked = (references: readonly string[]) =>
    references
      .map((reference) => fields.get(reference)?.get(markOf(reference))?.reveal())
      .find((mark) => mark !== undefined);
  return [
    ...[...current.values()].map(({ secret, references }) =>
      valueOf(secret, references, isMadePublic(secret) ? 'public' : 'current', marked(references)),
    ),
    // One that was put back by hand is current again.
    ...[...old]
      .filter(([text]) => !current.has(text))
      .map(([, { secret, references }]) => valueOf(secret, references, 'previous', marked(references))),
  ];
}

function valueOf(
  secret: Secret,
  references: readonly string[],
  state: VaultValue['state'],
  mark: string | undefined,
): VaultValue {
  const [first = ''] = references;
  return { name: `${first} ${state}`, reveal: () => secret.reveal(), secret, references, state, mark };
}

function byValue(references: readonly string[], read: (reference: string) => Secret | undefined) {
  const found = new Map<string, { readonly secret: Secret; readonly references: string[] }>();
  for (const reference of new Set(references)) {
    const secret = read(reference);
    if (secret === undefined) continue;
    const same = found.get(secret.reveal());
    if (same) same.references.push(reference);
    else found.set(secret.reveal(), { secret, references: [reference] });
  }
  return found;
}
