import { supabase } from '../../sandbox/process/identity.ts';
import { hostedProject } from '../../settings/supabaseProject.ts';

/** The project of the fixture's configuration. */
export const sharedProject = hostedProject(supabase.projectRef);
