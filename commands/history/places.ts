import { placeTitle } from '../../places/places.ts';
import type { Settings } from '../../settings/settings.ts';

/** One declared place of a value, as audit lines name it. */
export interface DeclaredPlace {
  readonly place: string;
  /** The name there. */
  readonly name: string;
  /** The context on Netlify, or the environment on GitHub. */
  readonly in: string | undefined;
  /** For people. */
  readonly title: string;
}

/** Every declared place of the value with this name, or of what has this name in a place. */
export function placesOf(
  { netlify, placements }: Pick<Settings, 'netlify' | 'placements'>,
  value: string,
): DeclaredPlace[] {
  const isIt = (each: { readonly name: string; readonly value: string }) => each.value === value || each.name === value;
  return [
    ...netlify.variables
      .filter(isIt)
      .flatMap(({ name, values }) =>
        values.map(({ context }) => ({ place: 'netlify', name, in: context, title: `Netlify ${context}` })),
      ),
    ...placements.filter(isIt).map((placement) => ({
      place: placement.place,
      name: placement.name,
      in: placement.environment,
      title: placeTitle(placement),
    })),
  ].map((each) => ({ ...each, title: each.name === value ? each.title : `${each.title} as ${each.name}` }));
}
