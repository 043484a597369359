import { fileSettings } from '../../settings/stack/file.ts';
import {
  hostedProject,
  projectOf,
  projectReference,
  projectReferenceForm,
  type SupabaseProject,
} from '../../settings/supabaseProject.ts';
import { UsageError } from '../../cli/errors.ts';

/**
 * The project whose branches are meant: the configured one, and no other. In the application's own
 * repository, where there is no configuration, the one that the caller names.
 */
export function branchedProject(
  root: string | undefined,
  { project, stack }: { readonly project?: string | undefined; readonly stack: string },
  env: NodeJS.ProcessEnv = process.env,
): SupabaseProject {
  if (root !== undefined) {
    const configured = projectOf(fileSettings(root, stack));
    if (project !== undefined && project !== configured.ref)
      throw new UsageError(
        `Only the configured project ${configured.ref} has branches here; no other project is made or used.`,
      );
    return configured;
  }
  const named = project ?? env.SUPABASE_PROJECT_REF;
  if (named === undefined || named === '')
    throw new UsageError(
      'Which project? There is no configuration here: add --project REF, or set SUPABASE_PROJECT_REF.',
    );
  if (!projectReference.test(named)) throw new UsageError(`The project ${projectReferenceForm}.`);
  return hostedProject(named);
}
