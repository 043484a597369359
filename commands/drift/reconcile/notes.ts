import type { Writes } from './recordWrites.ts';

/** Where the fixers note what they did. */
export interface Notes {
  /** The steps that were begun or are still to come, in order. */
  readonly open: string[];
  readonly done: string[];
  readonly failed: string[];
  readonly writes: Writes;
  wroteNetlify: boolean;
}
