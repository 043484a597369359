import { managedPlaces, placeResources } from '../places/places.ts';
import { ruleTypes } from '../protection/resource.ts';
import type { Settings } from '../settings/settings.ts';
import type { ExportedResource } from '../engine/deployment.ts';
import { resourceTypes } from '../settings/names/resourceTypes.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

/** The component that holds everything this program declares, as a URN spells it. */
const own = 'allincompassing:index:StagingEnvironment$';

/**
 * Resources that a bare `pulumi import` left in the state in a form that the next update would turn into a deletion on
 * the service: under another URN than the program's, or without `retainOnDelete`. Each with the fix.
 */
export function unsafeResources(
  resources: readonly ExportedResource[],
  { netlify, github, supabase }: Settings,
): string[] {
  const kinds: Readonly<Record<string, 'retain' | 'delete'>> = {
    [resourceTypes.netlifyVariable]: netlify.onRemoval,
    ...Object.fromEntries(
      managedPlaces.flatMap((place) => {
        const { types, component } = placeResources[place];
        return types.map((type) => [type, component === 'github' ? github.onRemoval : supabase.onRemoval]);
      }),
    ),
    [resourceTypes.repositoryEnvironment]: github.onRemoval,
    [ruleTypes.classic]: 'retain',
    [ruleTypes.ruleset]: 'retain',
  };
  return resources
    .filter(({ urn, type, retainOnDelete }) => {
      const expected = kinds[type];
      return expected !== undefined && (!urn.includes(own) || (expected === 'retain' && retainOnDelete !== true));
    })
    .map(
      ({ urn }) =>
        `${urn} would be deleted on the service by an update. Take it out of the state, then adopt again: ${forStack(`pulumi state delete '${urn}'`)}`,
    );
}
