import type { CheckedLine } from '../../audit/chain.ts';
import { printable } from '../../machine/printable.ts';
import { besideField, previous } from '../../rotation/vault/fields.ts';
import type { DeclaredPlace } from './places.ts';
import { ended, eventsOf, type Since } from './since.ts';

/** What of a value is no place: the keys themselves, at their vendor. */
const vendors: Readonly<Record<string, string>> = { apiKey: 'Supabase key', token: 'Token of' };

/** Whether audit lines of this place are about a key at its vendor. */
export function isKey(place: string): boolean {
  return place in vendors;
}

/**
 * When each key that was a value was made and ended, and by whom: every key of the trail that has the fingerprint of what one of
 * the value's places, or the field of 1Password beside it, has or had. One without a fingerprint is not known to be its.
 */
export function keysOf(
  places: readonly Pick<Since, 'fingerprint' | 'write' | 'earlier'>[],
  fields: readonly DeclaredPlace[],
  lines: readonly CheckedLine[],
): Since[] {
  const beside = fields.map((field) => ({ ...field, name: besideField(field.name, previous(field.name)) }));
  const prints = new Set(
    [
      ...places.flatMap(({ fingerprint, write, earlier }) => [
        fingerprint,
        write?.fingerprint,
        ...earlier.map((each) => each.fingerprint),
      ]),
      ...beside.flatMap((field) => eventsOf(lines, field).map(({ fingerprint }) => fingerprint)),
    ].filter((print) => print !== undefined),
  );
  const keys = new Map<string, DeclaredPlace & { readonly fingerprint: string }>();
  for (const { writes } of ended(lines))
    for (const { place, name, fingerprint } of writes) {
      const vendor = vendors[place];
      if (vendor === undefined || fingerprint === undefined || !prints.has(fingerprint)) continue;
      const title = `${vendor} ${printable(name)}`;
      keys.set(`${place} ${name} ${fingerprint}`, { place, name, in: undefined, title, fingerprint });
    }
  return [...keys.values()].map(({ fingerprint, ...key }) => {
    const events = eventsOf(lines, key).filter((event) => event.fingerprint === fingerprint);
    const last = events.findLast(({ outcome }) => outcome !== 'refused');
    return {
      ...{ title: key.title, place: key.place, name: key.name, fingerprint },
      ...(last && { source: 'trail' as const, since: last.time, write: last }),
      earlier: events.filter((each) => each !== last).reverse(),
    };
  });
}
