import { declareActionsSecret } from './actionsSecret/resource.ts';
import { declareActionsVariable } from './actionsVariable/resource.ts';
import type { Declare } from './declare.ts';
import { declareEdgeFunctionSecret } from './edgeFunction/resource.ts';
import type { ManagedPlace } from './places.ts';

/** How the program declares what stands in each place. */
export const declarations: Readonly<Record<ManagedPlace, Declare>> = {
  actionsSecret: declareActionsSecret,
  actionsVariable: declareActionsVariable,
  edgeFunction: declareEdgeFunctionSecret,
};
