import { sharedProject } from './sharedProject.ts';

const hosted = /^([a-z0-9]+)\.supabase\.co$/;

/** The reference of the project at a declared address: its first label, or the shared project's behind a domain of the team's own. */
export function referenceAt(declared: string): string {
  return hosted.exec(new URL(declared).hostname)?.[1] ?? sharedProject.ref;
}

/**
 * The origins that are the project at a declared address. A custom domain stands in front of the shared project, which
 * keeps its own address too; the other way round nobody can tell which domain is meant, so it has to be declared.
 */
export function originsOf(declared: string): readonly string[] {
  const { origin, hostname } = new URL(declared);
  return hosted.test(hostname) ? [origin] : [origin, new URL(sharedProject.url).origin];
}

/** Whether an address that a site hands out leads to the project at a declared address. */
export function isSameProject(given: string, declared: string): boolean {
  return URL.canParse(given) && URL.canParse(declared) && originsOf(declared).includes(new URL(given).origin);
}
