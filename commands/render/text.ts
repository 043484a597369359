import { stringify } from 'yaml';
import type { Declaration } from './declarations.ts';

/** Declarations as YAML documents: one block a resource, so that a line diff shows what changed in which. */
export function asText(declared: readonly Declaration[]): string {
  return declared
    .map(({ type, name, inputs }) => stringify({ [`${type} ${name}`]: inputs }, { lineWidth: 0 }))
    .join('\n');
}
