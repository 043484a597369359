import type { z } from 'zod';
import { actionsSecretPlacements, actionsSecretResource, actionsSecretRules } from './actionsSecret/setting.ts';
import { actionsVariablePlacements, actionsVariableResource, actionsVariableRules } from './actionsVariable/setting.ts';
import { edgeFunctionPlacements, edgeFunctionResource, edgeFunctionRules } from './edgeFunction/setting.ts';
import { localFilePlacements, localFileRules } from './localFile/setting.ts';
import { netlifyPlacements, netlifyRules } from './netlify/setting.ts';
import type { PlaceResource, PlaceRules, Source } from './place.ts';

/** The keys of a value's places in the configuration, in the order in which people read them. `source` is the schema of a source. */
export function placeShape<SourceSchema extends z.ZodType>(source: SourceSchema) {
  return {
    netlify: netlifyPlacements(source).optional(),
    actionsSecret: actionsSecretPlacements.optional(),
    actionsVariable: actionsVariablePlacements.optional(),
    edgeFunction: edgeFunctionPlacements.optional(),
    localFile: localFilePlacements.optional(),
  };
}

/** A place that a value can be put into, by its key in the configuration. */
export type PlaceName = keyof ReturnType<typeof placeShape>;

/** What each place accepts. */
export const placeRules: Readonly<Record<PlaceName, PlaceRules>> = {
  netlify: netlifyRules,
  actionsSecret: actionsSecretRules,
  actionsVariable: actionsVariableRules,
  edgeFunction: edgeFunctionRules,
  localFile: localFileRules,
};

const resources = {
  actionsSecret: actionsSecretResource,
  actionsVariable: actionsVariableResource,
  edgeFunction: edgeFunctionResource,
} as const satisfies Partial<Record<PlaceName, PlaceResource>>;

/** A place that holds one value under a name, without Netlify's contexts. */
export type PlainPlace = Exclude<PlaceName, 'netlify'>;

/** A place other than Netlify whose values `pulumi up` writes. */
export type ManagedPlace = keyof typeof resources;

/** How the engine knows what stands in each of them. */
export const placeResources: Readonly<Record<ManagedPlace, PlaceResource>> = resources;

/** How the names of a place's kinds of drift begin. */
export type DriftPrefix = (typeof resources)[ManagedPlace]['drift'];

/** One value in one place other than Netlify. */
export interface Placement {
  readonly place: PlainPlace;
  /** The value's name in the configuration. */
  readonly value: string;
  /** The name in the place. */
  readonly name: string;
  readonly source: Source;
  /** The environment on GitHub; the repository when absent. */
  readonly environment?: string;
}

/** A value in a place that `pulumi up` writes. */
export type ManagedPlacement = Placement & { readonly place: ManagedPlace };

/** The keys of all places. */
export const placeNames = Object.keys(placeRules) as readonly PlaceName[];

/** The keys of the places other than Netlify. */
export const plainPlaces = placeNames.filter((place): place is PlainPlace => place !== 'netlify');

/** The keys of the places that `pulumi up` writes. */
export const managedPlaces = Object.keys(placeResources) as readonly ManagedPlace[];

/** The placements that `pulumi up` writes. */
export function managedPlacements(placements: readonly Placement[]): readonly ManagedPlacement[] {
  return placements.filter((each): each is ManagedPlacement => each.place in placeResources);
}

/** The place whose resources have this type; `undefined` for any other type. */
export function placeOfType(type: string): ManagedPlace | undefined {
  return managedPlaces.find((place) => placeResources[place].types.includes(type));
}

/** The thing of this name in a place's list: a service may spell it in other letters than the declaration. */
export function findNamed<Named extends { readonly name: string }>(
  place: PlaceName,
  list: readonly Named[],
  name: string,
): Named | undefined {
  const { identity } = placeRules[place];
  return list.find((each) => identity(each.name) === identity(name));
}

/** The logical name of a placement's resource. */
export function resourceName(placement: ManagedPlacement): string {
  return placeResources[placement.place].nameOf(placement);
}

/** A placement's place for people: `GitHub Actions secret of the environment staging`. */
export function placeTitle({ place, environment }: Placed): string {
  return `${placeRules[place].title}${environment === undefined ? '' : ` of the environment ${environment}`}`;
}

interface Placed {
  readonly place: PlaceName;
  readonly environment?: string | undefined;
}
