import { managedPlaces, placeResources, placeRules, type DriftPrefix, type ManagedPlace } from '../../places/places.ts';
import { kind, type Kind } from './kind.ts';

/** What can be wrong with a value in a place other than Netlify. */
const whats = ['missing', 'changed', 'alias-differs', 'undeclared', 'old', 'shadowed'] as const;

export type What = (typeof whats)[number];

/** A kind of drift of such a place, by name: `github-secret-missing`. */
export type PlacedKind = `${DriftPrefix}-${What}`;

/** The kinds of every such place: how bad, who fixes it, and what it is. */
export const placedKinds = Object.fromEntries(
  managedPlaces.flatMap((place) => whatsOf(place).map((what) => [kindOf(place, what), describe(place, what)])),
) as Readonly<Record<PlacedKind, Kind>>;

/** The name of a place's kind. */
export function kindOf(place: ManagedPlace, what: What): PlacedKind {
  return `${placeResources[place].drift as DriftPrefix}-${what}`;
}

/** The place of a kind, and what is wrong there; `undefined` for a kind of another sort. */
export function placeOfKind(name: string): { readonly place: ManagedPlace; readonly what: What } | undefined {
  for (const place of managedPlaces)
    for (const what of whatsOf(place)) if (kindOf(place, what) === name) return { place, what };
  return undefined;
}

/** The kinds whose fix writes over what production reads. */
export function writesProduction(): PlacedKind[] {
  return managedPlaces
    .filter((place) => placeResources[place].isProductions)
    .flatMap((place) => (['missing', 'changed', 'alias-differs'] as const).map((what) => kindOf(place, what)));
}

/** Only an environment's own value can hide another one. */
function whatsOf(place: ManagedPlace): readonly What[] {
  return whats.filter((what) => what !== 'shadowed' || placeResources[place].hasEnvironments);
}

function describe(place: ManagedPlace, what: What): Kind {
  const { words, isProductions } = placeResources[place];
  const { title } = placeRules[place];
  const by = isProductions ? 'ask' : 'machine';
  const of = { target: words.service };
  const one = /^[AEIOU]/.test(title) ? 'an' : 'a';
  switch (what) {
    case 'missing':
      return kind(of.target, 'high', by, `a declared ${title} is gone`);
    case 'changed':
      return kind(
        of.target,
        isProductions ? 'critical' : 'high',
        by,
        `${one} ${title} is not what the last update wrote`,
      );
    case 'alias-differs':
      return kind(
        of.target,
        isProductions ? 'critical' : 'high',
        by,
        `${one} ${title} that holds a value under another name is not what the last update wrote`,
      );
    case 'undeclared':
      return kind(
        of.target,
        'low',
        isProductions ? 'person' : 'ask',
        `${one} ${title} that nobody declared was added since the last update`,
      );
    case 'old':
      return kind(of.target, 'low', 'person', `${one} ${title} with a secret in it is older than the configured age`);
    case 'shadowed':
      return kind(
        of.target,
        'high',
        'ask',
        `${one} ${title} of the deploy job’s environment hides the declared one of the repository`,
      );
  }
}
