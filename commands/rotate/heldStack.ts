import { PulumiError } from '../../engine/pulumi.ts';
import { WaitsError } from '../../rotation/ports.ts';
import { netlifyResource } from '../../settings/names/resourceTypes.ts';
import type { Settings } from '../../settings/settings.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';

/**
 * What to throw for an update of these resources that failed: where somebody holds the stack, as after a kill within the update
 * of a rotation, a {@link WaitsError} that names the whole command which puts it in order. The failure itself otherwise.
 */
export function explainUpdate(
  failure: unknown,
  resources: readonly string[],
  { netlify }: Pick<Settings, 'netlify'>,
): unknown {
  if (!(failure instanceof PulumiError) || failure.locks.length === 0) return failure;
  const secrets = netlify.variables.filter(({ name, secret }) => secret && resources.includes(netlifyResource(name)));
  const arrived = secrets.map(({ name }) => `--arrived ${name}`);
  if (arrived.length === 0) return new WaitsError(failure.message);
  const names = secrets.map(({ name }) => name).join(' and ');
  return new WaitsError(
    `${failure.message}\nWhere that was this rotation’s own update, and nobody has changed ${names} on Netlify by hand since, ` +
      `put the stack in order by: ${forStack(`npm run recover -- ${arrived.join(' ')}`)}`,
  );
}
