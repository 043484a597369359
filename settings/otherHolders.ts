import { managedPlacements, placeTitle, resourceName } from '../places/places.ts';
import type { Settings, Source } from './settings.ts';

/** A declared place of a key that takes its value from another source than staging's contexts: rotating staging's leaves it as it is. */
export interface OtherHolder {
  /** The context on Netlify, or another place by its name for people. */
  readonly place: string;
  /** The logical name of its resource, where that is none of Netlify's. */
  readonly resource?: string;
  readonly source: string;
  /** The name that it has there, where that is another one: an alias of the same key. */
  readonly name?: string;
}

/**
 * The declared places, by key, that hold a key of their own beside staging's: production's field first of all. Keys of one
 * Supabase project are valid everywhere, so that an old one may be revoked only when none of these holds it any more.
 */
export function otherHolders({ netlify, placements }: Settings): ReadonlyMap<string, readonly OtherHolder[]> {
  const elsewhere = managedPlacements(placements).map((each) => ({
    name: each.name,
    place: placeTitle(each),
    source: text(each.source),
    resource: resourceName(each),
  }));
  const everyPlace: readonly (OtherHolder & { readonly name: string })[] = [
    ...netlify.variables.flatMap(({ name, values }) =>
      values.map(({ context, source }) => ({ name, place: context, source: text(source) })),
    ),
    ...elsewhere,
  ];
  const found = netlify.variables
    .filter(({ name, secret }) => secret || name.endsWith('_KEY'))
    .map(({ name, values }) => {
      const isStagings = (context: string) => netlify.contexts.some((own) => own === context);
      const own = new Set(values.filter(({ context }) => isStagings(context)).map(({ source }) => text(source)));
      const others: OtherHolder[] = [
        ...values
          .filter(({ context }) => !isStagings(context))
          .map(({ context, source }) => ({ place: context, source: text(source) })),
        ...elsewhere
          .filter((each) => each.name === name)
          .map(({ place, source, resource }) => ({ place, source, resource })),
      ];
      const holders = own.size === 0 ? [] : others.filter(({ source }) => !own.has(source));
      const sources = new Set(holders.map(({ source }) => source).filter(isReference));
      return [
        name,
        [...holders, ...everyPlace.filter((each) => each.name !== name && sources.has(each.source))],
      ] as const;
    });
  return new Map(found.filter(([, holders]) => holders.length > 0));
}

/** `production (op://…)`, for people. */
export function holderText({ place, source, name }: OtherHolder): string {
  return `${place}${name === undefined ? '' : ` as ${name}`} (${source})`;
}

/** Only what a reference names is one thing under every name. */
function isReference(source: string): boolean {
  return source.startsWith('op://');
}

/** What names a source without its value. */
function text(source: Source): string {
  return source.kind === 'reference' ? source.reference : source.kind;
}
