import { z } from 'zod';
import type { PlaceIds, PlaceRules, Thing } from './place.ts';

/** Where on GitHub a secret or a variable stands. */
export const githubLevel = {
  environments: z
    .array(z.string().min(1))
    .meta({ uniqueItems: true })
    .optional()
    .describe(
      'The environments that get it; an empty list means the repository. Default: `github.environment`, or the repository.',
    ),
};

/** What GitHub accepts as the name of a secret or a variable: it ignores case. */
export const githubNames: Pick<PlaceRules, 'refusal' | 'identity' | 'mostBytes'> = {
  mostBytes: 48 * 1024,
  refusal: (name) =>
    /^github_/i.test(name)
      ? 'begins with GITHUB_, which GitHub keeps for itself. Give it another name by `as`'
      : undefined,
  identity: (name) => name.toUpperCase(),
};

/** The logical name of a resource below the component `github`. */
export function githubResourceName(kind: 'variable' | 'secret', { name, environment }: Thing): string {
  const ownKind = kind === 'secret' ? '' : `${kind}-`;
  return `github-${ownKind}${environment === undefined ? '' : `${environment}/`}${name}`;
}

/** The id by which GitHub's provider imports it. */
export function githubImportId({ name, environment }: Thing, { repository }: PlaceIds): string {
  return [repository, ...(environment === undefined ? [] : [environment]), name].join(':');
}
