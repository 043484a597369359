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
 * Refuses an address in the environment that is another hosted project's than the stack's: one variable in a shell would lead
 * the commands of every stack there. A proxy's address says nothing of its project, and passes.
 */
export function requireOwnProject(variable: string, address: string, own: SupabaseProject): void {
  const ref = URL.canParse(address) ? hosted.exec(new URL(address).hostname)?.[1] : undefined;
  if (ref === undefined || ref === own.ref) return;
  throw new Error(
    `${variable} is the address of the project ${ref}, and this stack’s project is ${own.ref} (supabase.project). Nothing was ` +
      `asked there. Unset it, or choose the stack of that project.`,
  );
}

/**
 * The origins that are the project at a declared address. Behind a custom domain the project keeps its own address too;
 * the other way round it is unknown which domain is meant, so it has to be declared.
 */
export function originsOf(declared: string, behind: SupabaseProject | undefined): readonly string[] {
  const { origin, hostname } = new URL(declared);
  return hosted.test(hostname) || behind === undefined ? [origin] : [origin, new URL(behind.url).origin];
}

/** Whether an address that a site hands out leads to the project at a declared address. */
export function isSameProject(given: string, declared: string, behind: SupabaseProject | undefined): boolean {
  return URL.canParse(given) && URL.canParse(declared) && originsOf(declared, behind).includes(new URL(given).origin);
}
