import type { Settings } from '../settings/settings.ts';
import type { Declared } from './declaration.ts';

/** What a stack's configuration declares, as the readers are joined with it. The one place here that knows the settings. */
export function declarationOf({ netlify, github }: Settings): Declared[] {
  const { environment } = github;
  return [
    ...netlify.variables.map(({ name }): Declared => ({ value: name, place: 'netlify', name })),
    ...github.secrets.map(({ name }): Declared => ({
      value: name,
      place: 'actionsSecret',
      name,
      ...(environment !== undefined && { environment }),
    })),
  ];
}
