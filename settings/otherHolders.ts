import type { Settings, Source } from './settings.ts';

/** A declared place of a key that takes its value from another source than staging's contexts: rotating staging's leaves it as it is. */
export interface OtherHolder {
  /** The context on Netlify, or {@link githubPlace}. */
  readonly place: string;
  readonly source: string;
}

/** The place of a secret on GitHub, as holders name it. */
export const githubPlace = 'GitHub Actions';

/**
 * The declared places, by key, that hold a key of their own beside staging's: production's field first of all. Keys of one
 * Supabase project are valid everywhere, so that an old one may be revoked only when none of these holds it any more.
 */
export function otherHolders({ netlify, github }: Settings): ReadonlyMap<string, readonly OtherHolder[]> {
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
      return [name, own.size === 0 ? [] : others.filter(({ source }) => !own.has(source))] as const;
    });
  return new Map(found.filter(([, holders]) => holders.length > 0));
}

/** `production (op://…)`, for people. */
export function holderText({ place, source }: OtherHolder): string {
  return `${place} (${source})`;
}

/** What names a source without its value. */
function text(source: Source): string {
  return source.kind === 'reference' ? source.reference : source.kind;
}
