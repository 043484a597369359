import { EdgeFunctionSecrets } from '@pulumi/supabase';
import { withoutSecretMarks } from '../../secrets/wire.ts';
import type { Declare } from '../declare.ts';
import { edgeFunctionResource } from './setting.ts';

/** One Edge Function secret of the Supabase project: a set of its own, so that no other name is written or deleted with it. */
export const declareEdgeFunctionSecret: Declare = (thing, value, { project }, options) => {
  const resource = new EdgeFunctionSecrets(
    edgeFunctionResource.nameOf(thing),
    { projectRef: project, secrets: [{ name: thing.name, value }] },
    options,
  );
  const held = resource.secrets.apply(async (secrets) => {
    // The list can be a secret inside a secret; the SDK takes only the outer mark off.
    const bare = edgeFunctionResource.valueIn({ secrets: await withoutSecretMarks(secrets) });
    return typeof bare === 'string' ? bare : undefined;
  });
  return { resource, value: held };
};
