import type { Placement, PlainPlace } from './placement.ts';
import { actionsSecretResource } from './actionsSecret/setting.ts';
import { actionsVariableResource } from './actionsVariable/setting.ts';
import { edgeFunctionResource } from './edgeFunction/setting.ts';
import type { PlaceResource } from './place.ts';

/** A place other than Netlify whose values the engine writes: `pulumi up` makes a resource for each. */
export type ManagedPlace = Exclude<PlainPlace, 'localFile'>;

/** A value in such a place. */
export type ManagedPlacement = Placement & { readonly place: ManagedPlace };

/** How the engine knows each of them. */
export const placeResources: Readonly<Record<ManagedPlace, PlaceResource>> = {
  actionsSecret: actionsSecretResource,
  actionsVariable: actionsVariableResource,
  edgeFunction: edgeFunctionResource,
};

/** The keys of these places. */
export const managedPlaces = Object.keys(placeResources) as readonly ManagedPlace[];

/** The placements that `pulumi up` writes. */
export function managedPlacements(placements: readonly Placement[]): readonly ManagedPlacement[] {
  return placements.filter((each): each is ManagedPlacement => each.place in placeResources);
}

/** The place whose resources have this type; `undefined` for any other type. */
export function placeOfType(type: string): ManagedPlace | undefined {
  return managedPlaces.find((place) => placeResources[place].types.includes(type));
}

/** The logical name of a placement's resource. */
export function resourceName(placement: ManagedPlacement): string {
  return placeResources[placement.place].nameOf(placement);
}
