import type { ResourceValidationArgs } from '@pulumi/policy';
import { leavesOf } from './leaves.ts';

/** Which inputs of which resource the program marked as secret. A validation cannot see that; a remediation can, and runs before. */
const marked = new Map<string, ReadonlySet<string>>();

/** To be called from a remediation: remembers what is marked, changes nothing. */
export function rememberMarked({ urn, props }: Pick<ResourceValidationArgs, 'urn' | 'props'>): void {
  marked.set(urn, new Set(leavesOf(props).flatMap((leaf) => (leaf.marked ? [leaf.path] : []))));
}

/** Whether the program marked this input as secret; `undefined` when no remediation ran (the policy's level was changed). */
export function isMarked(urn: string, path: string): boolean | undefined {
  return marked.get(urn)?.has(path);
}

/** Forgets everything: tests start anew. */
export function forgetMarked(): void {
  marked.clear();
}
