import type { PolicyResource } from '@pulumi/policy';
import { variablesOf, type DeclaredVariable } from '../shared/variables.ts';

const targets = ['Netlify', 'GitHub', 'Supabase'] as const satisfies readonly DeclaredVariable['target'][];

/** A declared variable and the resource that declares it. */
export type Declaration = DeclaredVariable & { readonly urn: string };

/**
 * Every variable that the stack declares, Netlify's before GitHub's before Supabase's: the engine lists resources in the order in which they
 * happened to be registered, and a report must not differ from run to run.
 */
export function declarationsOf(resources: readonly PolicyResource[]): Declaration[] {
  const ordered = [...resources].sort((one, other) => (one.urn < other.urn ? 1 : -1));
  const all = ordered.flatMap(({ type, props, urn }) =>
    variablesOf(type, props).map((variable) => ({ ...variable, urn })),
  );
  return targets.flatMap((target) => all.filter((each) => each.target === target));
}
