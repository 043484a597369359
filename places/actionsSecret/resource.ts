import { ActionsEnvironmentSecret } from '@pulumi/github/actionsEnvironmentSecret.js';
import { ActionsSecret } from '@pulumi/github/actionsSecret.js';
import type { Declare, OnGithub } from '../declare.ts';
import { resourceName } from '../resources.ts';

/** An Actions secret of the repository, or of an environment. GitHub seals it and never shows it again. */
export const declareActionsSecret: Declare<OnGithub> = (placement, value, { repository, environment }, options) => {
  const name = resourceName(placement);
  const inputs = { repository, secretName: placement.name, value };
  const resource =
    environment === undefined
      ? new ActionsSecret(name, inputs, options)
      : new ActionsEnvironmentSecret(name, { ...inputs, environment }, options);
  return { resource, value: resource.value };
};
