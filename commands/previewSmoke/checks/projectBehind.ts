import { hostedProject, projectReference, type SupabaseProject } from '../../../settings/supabaseProject.ts';

/**
 * The project that stands behind a domain of the team's own: `SUPABASE_PROJECT_REF`, else the reference in the claims of a
 * key for browsers. `undefined` where neither says it: a publishable key holds no claims.
 */
export function projectBehind(
  environment: Readonly<Record<string, string | undefined>>,
  keys: readonly { readonly value: string }[],
): SupabaseProject | undefined {
  const given = [environment.SUPABASE_PROJECT_REF, ...keys.map(({ value }) => referenceIn(value))];
  const ref = given.find((each) => each !== undefined && projectReference.test(each));
  return ref === undefined ? undefined : hostedProject(ref);
}

/** The claim `ref` of a key of Supabase's older form, which names its project. */
function referenceIn(key: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && 'ref' in claims && typeof claims.ref === 'string'
      ? claims.ref
      : undefined;
  } catch {
    return undefined;
  }
}
