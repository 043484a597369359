import { placeRules } from '../places/places.ts';
import type { Settings } from '../settings/settings.ts';
import type { Declared, DeclaredPlace } from './declaration.ts';

/** What a stack's configuration declares, as the readers are joined with it. The one place here that knows the settings. */
export function declarationOf({ netlify, placements }: Settings): Declared[] {
  return [
    ...netlify.variables.map(({ name, value }): Declared => ({ value, place: 'netlify', name })),
    ...placements.map(({ value, place, name, environment }): Declared => ({
      value,
      place,
      name,
      ...(environment !== undefined && { environment }),
    })),
  ];
}

/** Whether a place keeps a name for itself: under it nothing can be declared there. */
export function isKept(place: DeclaredPlace, name: string): boolean {
  return placeRules[place].refusal(name) !== undefined;
}
