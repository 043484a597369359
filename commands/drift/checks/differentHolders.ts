import { holderText, otherHolders, type OtherHolder } from '../../../settings/otherHolders.ts';
import type { Settings } from '../../../settings/settings.ts';
import type { Recorded } from '../../../engine/recorded.ts';

/**
 * One line for each key of which another declared place holds another value than staging: nobody can see which of the two
 * is the newer, and the older may be revoked only when no place holds it.
 */
export function differentHolders(settings: Settings, recorded: Recorded): string[] {
  return [...otherHolders(settings)].flatMap(([name, holders]) => {
    const values = recorded.variables.get(name)?.values;
    const [own] = settings.netlify.contexts;
    const staging = own && values?.get(own)?.reveal();
    const others = holders.filter((holder) => {
      const value = valueAt(recorded, name, holder);
      return staging !== undefined && value !== undefined && value !== staging;
    });
    return others.length === 0
      ? []
      : [
          `Which key is the older one: ${name} is another one in ${others.map(holderText).join(', ')} than for staging. Revoke neither while a place holds it.`,
        ];
  });
}

/** The declared places that hold what staging's had before the vault was given a new one, by key. */
export function holdersOf(
  recorded: Recorded,
  settings: Settings,
  name: string,
  old: string | undefined,
): OtherHolder[] {
  const holders = otherHolders(settings).get(name) ?? [];
  return holders.filter((holder) => old !== undefined && valueAt(recorded, name, holder) === old);
}

function valueAt(recorded: Recorded, own: string, { place, name = own, resource }: OtherHolder): string | undefined {
  if (resource !== undefined) return recorded.placed.get(resource)?.value?.reveal();
  const values = recorded.variables.get(name)?.values;
  return [...(values ?? [])].find(([context]) => context === place)?.[1]?.reveal();
}
