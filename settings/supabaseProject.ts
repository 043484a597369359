/** A hosted project of Supabase. */
export interface SupabaseProject {
  /** Its reference: twenty letters. */
  readonly ref: string;
  /** The address that it keeps, also behind a domain of the team's own. */
  readonly url: string;
}

/** The form of a reference, and how an error says it. */
export const projectReference = /^[a-z]{20}$/;
export const projectReferenceForm = 'must be the 20 letters of the project’s reference';

/** The project that a stack's configuration names: what happens to it happens to every environment that uses it. */
export function projectOf({ supabase }: { readonly supabase: { readonly project: string } }): SupabaseProject {
  return hostedProject(supabase.project);
}

/** The project of a reference. */
export function hostedProject(ref: string): SupabaseProject {
  return { ref, url: `https://${ref}.supabase.co` };
}
