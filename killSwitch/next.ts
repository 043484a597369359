import type { StagingServices } from '../deploys/stagingServices.ts';
import { forStack } from '../settings/stack/stackCommand.ts';

type Verb = 'off' | 'restore';

/** The project and the stack that a command has to name. */
export type Named = Pick<StagingServices, 'project' | 'stack'>;

/** The command for the row, whole. */
export function levelOneCommand(verb: Verb, { project, stack }: Named): string {
  return forStack(`npm run kill-switch -- ${verb} --reason TEXT --yes --project ${project.ref}`, stack);
}

/** The command for the Edge Function secret, whole, with what it needs: neither the database nor the vault. */
export function emergencyCommand(verb: Verb, { project, stack }: Named): string {
  return forStack(
    `npm run kill-switch -- ${verb} --emergency --reason TEXT --yes --project ${project.ref}   # needs SUPABASE_ACCESS_TOKEN alone`,
    stack,
  );
}
