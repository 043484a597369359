import type { PolicyResource } from '@pulumi/policy';
import { variablesOf, type DeclaredVariable } from '../shared/variables.ts';

/** A declared variable and the resource that declares it. */
export type Declaration = DeclaredVariable & { readonly urn: string };

/** Every variable that the stack declares, on every target. */
export function declarationsOf(resources: readonly PolicyResource[]): Declaration[] {
  return resources.flatMap(({ type, props, urn }) =>
    variablesOf(type, props).map((variable) => ({ ...variable, urn })),
  );
}
