import type { SupabaseProject } from './supabaseProject.ts';

const hosted = /^([a-z0-9]+)\.supabase\.co$/;

/**
 * The reference of the project at a declared address: its first label, or that of the project that stands behind a domain
 * of the team's own. `undefined` where nobody says which stands behind it.
 */
export function referenceAt(declared: string, behind: SupabaseProject | undefined): string | undefined {
  return hosted.exec(new URL(declared).hostname)?.[1] ?? behind?.ref;
}

/**
 * The origins that are the project at a declared address. Behind a custom domain the project keeps its own address too;
 * the other way round nobody can tell which domain is meant, so it has to be declared.
 */
export function originsOf(declared: string, behind: SupabaseProject | undefined): readonly string[] {
  const { origin, hostname } = new URL(declared);
  return hosted.test(hostname) || behind === undefined ? [origin] : [origin, new URL(behind.url).origin];
}

/** Whether an address that a site hands out leads to the project at a declared address. */
export function isSameProject(given: string, declared: string, behind: SupabaseProject | undefined): boolean {
  return URL.canParse(given) && URL.canParse(declared) && originsOf(declared, behind).includes(new URL(given).origin);
}
