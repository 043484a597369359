import { ActionsEnvironmentVariable } from '@pulumi/github/actionsEnvironmentVariable.js';
import { ActionsVariable } from '@pulumi/github/actionsVariable.js';
import type { Declare } from '../declare.ts';
import { actionsVariableResource } from './setting.ts';

/** An Actions variable of the repository, or of an environment. */
export const declareActionsVariable: Declare = (thing, value, { repository, environment }, options) => {
  const name = actionsVariableResource.nameOf(thing);
  const inputs = { repository, variableName: thing.name, value };
  const resource =
    environment === undefined
      ? new ActionsVariable(name, inputs, options)
      : new ActionsEnvironmentVariable(name, { ...inputs, environment }, options);
  return { resource, value: resource.value };
};
