import type { Reader } from './readers.ts';

/** The places that a value can be declared for. */
export const declaredPlaces = ['netlify', 'edgeFunction', 'actionsSecret', 'actionsVariable', 'localFile'] as const;

export type DeclaredPlace = (typeof declaredPlaces)[number];

/** One value in one place, as the stack's configuration declares it. */
export interface Declared {
  /** The value's name in the configuration. */
  readonly value: string;
  readonly place: DeclaredPlace;
  /** The name that it has there. */
  readonly name: string;
  /** The GitHub environment that has it; none: the whole repository. */
  readonly environment?: string;
}

/** The place that must have a value for this reader to find it; `undefined` for code that nothing runs. */
export function placeFor({ place, means }: Pick<Reader, 'place' | 'means'>): DeclaredPlace | undefined {
  switch (place) {
    case 'workflow':
      return means === 'vars' ? 'actionsVariable' : means === 'secrets' ? 'actionsSecret' : undefined;
    case 'build':
    case 'netlifyFunction':
      return 'netlify';
    case 'edgeFunction':
      return 'edgeFunction';
    case 'script':
    case 'test':
      return 'localFile';
    case 'unused':
      return undefined;
  }
}

/** GitHub knows no difference between `a` and `A` in the names of secrets and variables. */
export function sameName(place: DeclaredPlace, a: string, b: string): boolean {
  const isGithub = place === 'actionsSecret' || place === 'actionsVariable';
  return isGithub ? a.toUpperCase() === b.toUpperCase() : a === b;
}
