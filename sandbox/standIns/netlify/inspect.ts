import type { Context } from './contexts.ts';
import { netlifyStore } from './stateFile.ts';

/** A value as it is stored, for tests that have to see what no API call shows. */
export interface NetlifyValue {
  readonly key: string;
  readonly context: Context;
  /** The branch, when the context is `branch`. */
  readonly contextParameter: string | undefined;
  readonly value: string;
  readonly isSecret: boolean;
  readonly updatedAt: string;
  /** A user's id. */
  readonly updatedBy: string;
  /** The site's id; absent for variables of the team. */
  readonly siteId: string | undefined;
}

/** Every stored value in true bytes, sorted by site, key and context. For tests only. */
export function netlifyValues(stateDir: string): NetlifyValue[] {
  const { variables } = netlifyStore(stateDir).state;
  const order = ({ siteId = '', key, context, contextParameter = '' }: NetlifyValue) =>
    [siteId, key, context, contextParameter].join('\n');
  return Object.entries(variables)
    .flatMap(([owner, list]) => {
      const siteId = owner.startsWith('site:') ? owner.slice('site:'.length) : undefined;
      return list.flatMap((variable) =>
        variable.values.map((stored) => ({
          siteId,
          key: variable.key,
          context: stored.context,
          contextParameter: stored.context_parameter,
          value: stored.value,
          isSecret: variable.is_secret,
          updatedAt: variable.updated_at,
          updatedBy: variable.updated_by,
        })),
      );
    })
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** The tokens that the stand-in of a state folder accepts. */
export function netlifyTokens(stateDir: string): { readonly admin: string; readonly readOnly: string } {
  return netlifyStore(stateDir).state.tokens;
}
