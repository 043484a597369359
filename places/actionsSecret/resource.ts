import { ActionsEnvironmentSecret } from '@pulumi/github/actionsEnvironmentSecret.js';
import { ActionsSecret } from '@pulumi/github/actionsSecret.js';
import type { Declare } from '../declare.ts';
import { actionsSecretResource } from './setting.ts';

/** An Actions secret of the repository, or of an environment. GitHub seals it and never shows it again. */
export const declareActionsSecret: Declare = (thing, value, { repository, environment }, options) => {
  const name = actionsSecretResource.nameOf(thing);
  const inputs = { repository, secretName: thing.name, value };
  const resource =
    environment === undefined
      ? new ActionsSecret(name, inputs, options)
      : new ActionsEnvironmentSecret(name, { ...inputs, environment }, options);
  return { resource, value: resource.value };
};
