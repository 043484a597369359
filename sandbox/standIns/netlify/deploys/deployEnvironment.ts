import type { DeployContext } from './storedDeploy.ts';
import type { NetlifyState, Scope, StoredSite, StoredValue } from '../state.ts';
import type { Context } from '../contexts.ts';

/** What a build or a function runs under. */
export interface Surroundings {
  readonly context: DeployContext;
  /** Absent where no branch applies. */
  readonly branch?: string;
}

/** The variables that a site's code reads: the site's win over the team's, a branch's value over its context's, that over `all`. */
export function resolveEnvironment(
  state: NetlifyState,
  site: StoredSite,
  surroundings: Surroundings,
  scope: Scope,
): Record<string, string> {
  const variables = [
    ...(state.variables[`account:${site.account_id}`] ?? []),
    ...(state.variables[`site:${site.id}`] ?? []),
  ];
  const resolved: Record<string, string> = {};
  for (const variable of variables) {
    if (!variable.scopes.includes(scope)) continue;
    const value = valueFor(variable.values, surroundings);
    if (value !== undefined) resolved[variable.key] = value;
  }
  return resolved;
}

function valueFor(values: readonly StoredValue[], { context, branch }: Surroundings): string | undefined {
  const of = (name: Context) => values.find((value) => value.context === name && value.context !== 'branch');
  const ofBranch = values.find((value) => value.context === 'branch' && value.context_parameter === branch);
  return (ofBranch ?? of(context) ?? of('all'))?.value;
}
