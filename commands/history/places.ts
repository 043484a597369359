import { placeTitle } from '../../places/places.ts';
import type { Settings, Source } from '../../settings/settings.ts';

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

/** The fields of 1Password that the places of a value take it from: their writers are people and `rotate`. */
export function vaultFieldsOf(
  { netlify, placements, organizationId }: Pick<Settings, 'netlify' | 'placements' | 'organizationId'>,
  value: string,
): DeclaredPlace[] {
  const isIt = (each: { readonly name: string; readonly value: string }) => each.value === value || each.name === value;
  const sources = [
    ...netlify.variables.filter(isIt).flatMap(({ values }) => values.map(({ source }) => source)),
    ...placements.filter(isIt).map(({ source }) => source),
  ];
  const referenceOf = (source: Source) => (source.kind === 'organizationId' ? organizationId : source);
  const references = new Set(
    sources.map(referenceOf).flatMap((source) => (source.kind === 'reference' ? [source.reference] : [])),
  );
  return [...references].map((name) => ({ place: 'vault', name, in: undefined, title: `1Password ${name}` }));
}
