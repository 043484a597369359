import { actionsSecretService } from './actionsSecret/service.ts';
import { actionsVariableService } from './actionsVariable/service.ts';
import { edgeFunctionService } from './edgeFunction/service.ts';
import type { ManagedPlace } from './places.ts';
import type { PlaceService } from './service.ts';

/** How each place is read and written at its service. */
export const placeServices: Readonly<Record<ManagedPlace, PlaceService>> = {
  actionsSecret: actionsSecretService,
  actionsVariable: actionsVariableService,
  edgeFunction: edgeFunctionService,
};
