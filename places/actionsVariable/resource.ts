import { ActionsEnvironmentVariable } from '@pulumi/github/actionsEnvironmentVariable.js';
import { ActionsVariable } from '@pulumi/github/actionsVariable.js';
import type { Declare, OnGithub } from '../declare.ts';
import { resourceName } from '../resources.ts';

/** An Actions variable of the repository, or of an environment. */
export const declareActionsVariable: Declare<OnGithub> = (placement, value, { repository, environment }, options) => {
  const name = resourceName(placement);
  const inputs = { repository, variableName: placement.name, value };
  const resource =
    environment === undefined
      ? new ActionsVariable(name, inputs, options)
      : new ActionsEnvironmentVariable(name, { ...inputs, environment }, options);
  return { resource, value: resource.value };
};
