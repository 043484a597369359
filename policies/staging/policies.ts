import type { Policies } from '@pulumi/policy';
import { oneOrganizationId } from './oneOrganizationId.ts';
import { productionOnPurpose } from './productionOnPurpose.ts';
import { requiredDeployCheck } from './requiredDeployCheck.ts';
import { requiredVariables } from './requiredVariables.ts';
import { secretReference } from './secretReference.ts';
import { serviceRoleInItsPlace } from './serviceRoleInItsPlace.ts';

/** The policies of this pack: what makes a staging environment sound. */
export const stagingPolicies: Policies = [
  oneOrganizationId,
  productionOnPurpose,
  requiredVariables,
  serviceRoleInItsPlace,
  secretReference,
  requiredDeployCheck,
];
