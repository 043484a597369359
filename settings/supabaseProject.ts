/** A hosted project of Supabase. */
export interface SupabaseProject {
  /** Its reference: twenty letters. */
  readonly ref: string;
  /** The address that it keeps, also behind a domain of the team's own. */
  readonly url: string;
  /** Whether production uses it too, as far as is known: what happens to it then happens to production. */
  readonly isShared: boolean;
}

/** The form of a reference, and how an error says it. */
export const projectReference = /^[a-z]{20}$/;
export const projectReferenceForm = 'must be the 20 letters of the project’s reference';

/** The project that a stack's configuration names: what happens to it happens to every environment that uses it. */
export function projectOf({
  supabase,
}: {
  readonly supabase: { readonly project: string; readonly mode: 'shared-project' | 'separate-project' };
}): SupabaseProject {
  return hostedProject(supabase.project, supabase.mode === 'shared-project');
}

/** The project of a reference. One of which no configuration says anything else counts as production's too. */
export function hostedProject(ref: string, isShared = true): SupabaseProject {
  return { ref, url: `https://${ref}.supabase.co`, isShared };
}
