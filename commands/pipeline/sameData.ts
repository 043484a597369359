import { isDeepStrictEqual } from 'node:util';

/** Whether two pieces of parsed data say the same: the parsers' own prototypes and the order of keys do not count. */
export const sameData = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(structuredClone(one), structuredClone(other));
