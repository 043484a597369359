import { placeOfType, placeResources } from '../../places/places.ts';

/**
 * The outputs of a Netlify variable that hold values, both always: its provider marks only `secretValues` as secret, and
 * fills `values` on each read for a key that is plain on Netlify, whatever is declared.
 */
export const netlifyValueLists: readonly string[] = ['values', 'secretValues'];

/** What the engine shall keep secret of a resource of this type, whatever its provider says; empty for any other type. */
export function secretOutputsOf(type: string): readonly string[] {
  if (type.endsWith(':EnvironmentVariable')) return netlifyValueLists;
  const place = placeOfType(type);
  return place === undefined ? [] : placeResources[place].secretOutputs;
}
