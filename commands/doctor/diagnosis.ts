import type { StagingServices } from '../../deploys/stagingServices.ts';
import type { Secret } from '../../secrets/secret.ts';

/**
 * What a check found. `warning` does not stop anybody; `missing` and `broken` name the fix; `unknown` is what the service
 * did not say, because it was down, did not answer or was asked too often.
 */
export interface Diagnosis {
  readonly name: string;
  readonly state: 'fine' | 'warning' | 'unknown' | 'missing' | 'broken';
  readonly detail: string;
}

/** Every value that the settings refer to, read at most once. */
export interface VaultValues {
  readonly read: () => Promise<ReadonlyMap<string, Secret>>;
}

/** One check: the answer without its name. What it throws is `missing`, `unknown` or `broken`. */
export type Check = (staging: StagingServices, vault: VaultValues) => Promise<Omit<Diagnosis, 'name'>>;

export const fine = (detail: string) => ({ state: 'fine' as const, detail });
export const warning = (detail: string) => ({ state: 'warning' as const, detail });
export const broken = (detail: string) => ({ state: 'broken' as const, detail });

/** Thrown where a token is not there at all. */
export class Missing extends Error {}
