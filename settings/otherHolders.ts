import type { Settings, Source } from './settings.ts';

/** A declared place of a key that takes its value from another source than staging's contexts: rotating staging's leaves it as it is. */
export interface OtherHolder {
  /** The context on Netlify, or {@link githubPlace}. */
  readonly place: string;
  readonly source: string;
  /** The name that it has there, where that is another one: an alias of the same key. */
  readonly name?: string;
}

/** The place of a secret on GitHub, as holders name it. */
export const githubPlace = 'GitHub Actions';

/**
 * The declared places, by key, that hold a key of their own beside staging's: production's field first of all. Keys of one
 * Supabase project are valid everywhere, so that an old one may be revoked only when none of these holds it any more.
 */
export function otherHolders({ netlify, github }: Settings): ReadonlyMap<string, readonly OtherHolder[]> {
  const everyPlace: readonly Required<OtherHolder>[] = [
    ...netlify.variables.flatMap(({ name, values }) =>
      values.map(({ context, source }) => ({ name, place: context, source: text(source) })),
    ),
    ...github.secrets.map(({ name, source }) => ({ name, place: githubPlace, source: text(source) })),
  ];
  const found = netlify.variables
    .filter(({ name, secret }) => secret || name.endsWith('_KEY'))
    .map(({ name, values }) => {
      const isStagings = (context: string) => netlify.contexts.some((own) => own === context);
      const own = new Set(values.filter(({ context }) => isStagings(context)).map(({ source }) => text(source)));
      const places = [
        ...values
          .filter(({ context }) => !isStagings(context))
          .map(({ context, source }) => ({ place: context, source })),
        ...github.secrets
          .filter((secret) => secret.name === name)
          .map(({ source }) => ({ place: githubPlace, source })),
      ];
      const others = places.map(({ place, source }) => ({ place, source: text(source) }));
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
