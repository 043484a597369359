import type { z } from 'zod';
import { actionsSecretPlacements, actionsSecretRules } from './actionsSecret/setting.ts';
import { actionsVariablePlacements, actionsVariableRules } from './actionsVariable/setting.ts';
import { edgeFunctionPlacements, edgeFunctionRules } from './edgeFunction/setting.ts';
import { localFilePlacements, localFileRules } from './localFile/setting.ts';
import { netlifyPlacements, netlifyRules } from './netlify/setting.ts';
import type { PlaceRules } from './place.ts';
import type { PlaceName } from './placement.ts';

/** The keys of a value's places in the configuration, in the order in which people read them. `source` is the schema of a source. */
export function placeShape<Source extends z.ZodType>(source: Source) {
  return {
    netlify: netlifyPlacements(source).optional(),
    actionsSecret: actionsSecretPlacements.optional(),
    actionsVariable: actionsVariablePlacements.optional(),
    edgeFunction: edgeFunctionPlacements.optional(),
    localFile: localFilePlacements.optional(),
  } satisfies Record<PlaceName, z.ZodType>;
}

/** What each place accepts. */
export const placeRules: Readonly<Record<PlaceName, PlaceRules>> = {
  netlify: netlifyRules,
  actionsSecret: actionsSecretRules,
  actionsVariable: actionsVariableRules,
  edgeFunction: edgeFunctionRules,
  localFile: localFileRules,
};

/** A placement's place for people: `GitHub Actions secret of the environment staging`. */
export function placeTitle({
  place,
  environment,
}: {
  readonly place: PlaceName;
  readonly environment?: string | undefined;
}): string {
  return `${placeRules[place].title}${environment === undefined ? '' : ` of the environment ${environment}`}`;
}

/** The keys of all places. */
export const placeNames = Object.keys(placeRules) as readonly PlaceName[];
