import type { Plan } from './plan.ts';
import type { ReadBy } from './readBy.ts';

/** What Supabase itself gives Edge Functions, by the keys that it holds. */
const provided = {
  legacy: ['SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY'],
  secret: ['SUPABASE_SECRET_KEYS'],
  publishable: ['SUPABASE_PUBLISHABLE_KEYS'],
} as const;

/** A key's name at Supabase that only a rotation gives: no code asks for it. */
const madeHere = 'rotated_';

/**
 * The names under which Edge Functions have the old key from Supabase itself. Where the vault was not read, all that may be.
 */
export function providedNames({ subject: { kind }, scope: { legacy } }: Pick<Plan, 'subject' | 'scope'>): string[] {
  if (kind.how !== 'supabase-key') return [];
  return [...(legacy === false ? [] : provided.legacy), ...(legacy === true ? [] : provided[kind.role])];
}

/**
 * What stops when the old keys end, or may: code of Edge Functions, production's too, that reads a key which Supabase itself
 * provides. Where nobody has read the sources, or they do not say it, that stands in the way too: nothing is ended on a guess.
 * `oldKeys`: the names at Supabase of the keys that end, where they are no legacy keys.
 */
export function inTheWay(
  { lines, ofPlatform, unclear }: ReadBy,
  plan: Pick<Plan, 'subject' | 'scope'>,
  oldKeys: readonly string[],
): string[] {
  const names = providedNames(plan);
  const asked = plan.scope.legacy === false ? oldKeys.filter((name) => !name.startsWith(madeHere)) : undefined;
  if (names.length === 0 || asked?.length === 0) return [];
  const what = asked === undefined ? names.join(' and ') : `${names.join(' and ')} (with the key ${asked.join(', ')})`;
  if (lines === undefined) {
    return [
      `code of Edge Functions, as far as anybody knows: Supabase gives it ${what}, and its sources were not read. ` +
        'Name the application’s folder: --app PATH (or STAGING_APPLICATION)',
    ];
  }
  const instead =
    asked === undefined
      ? 'let it read SUPABASE_SECRET_KEYS or SUPABASE_PUBLISHABLE_KEYS'
      : 'let it read a secret of its own that this configuration writes (edgeFunction), in every deploy of it';
  return [
    ...ofPlatform
      .filter(({ name }) => names.includes(name))
      .map(({ name, at }) => `${at}, code of an Edge Function that reads ${name}, which Supabase provides: ${instead}`),
    ...unclear.map((each) => `code of Edge Functions, which Supabase gives ${what}, as far as anybody knows: ${each}`),
  ];
}
