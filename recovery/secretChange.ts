import type { LiveVariable } from '../services/netlify/netlify.ts';
import { commandThatAllows } from '../settings/allowances.ts';
import type { Settings } from '../settings/settings.ts';

/** How a person lets one update write a key whose value only they can compare. */
export function allowOnce(stack: string): string {
  return (
    'compare its value outside staging’s contexts, bring the vault up to date, then allow it for one run: ' +
    commandThatAllows('netlify.productionChanges', stack)
  );
}

/**
 * Whether it cannot be read what a change of this key did outside staging's contexts. The guard then goes by the time that
 * the state has, so that recording a time means that the change was this stack's own.
 */
export function isUnreadable(
  { key, secret, values }: LiveVariable,
  { contexts, variables }: Settings['netlify'],
): boolean {
  const declared = variables.find(({ name }) => name === key)?.values ?? [];
  return secret && [...values, ...declared].some(({ context }) => !contexts.includes(context));
}
