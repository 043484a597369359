import type { LiveVariable } from '../services/netlify/netlify.ts';
import type { Declared } from '../settings/declared.ts';
import { namedContexts, type Context } from '../settings/context.ts';

/** A key's values as a resource's inputs hold them; `undefined` where this run does not know the value. */
export type Values = ReadonlyMap<Context, string | undefined>;

/** One write that is about to happen to one key, and what is known around it. */
export interface PlannedWrite {
  readonly key: string;
  /** Where the configuration declares it. */
  readonly declared: Declared;
  readonly secret: boolean;
  /** What the write would put on Netlify: all of it, the provider owns whole keys. */
  readonly planned: Values;
  /** The scopes that the write would set, in the configuration's spelling. */
  readonly scopes: readonly string[];
  /** What the last update wrote; `undefined` when the stack does not have the key yet. */
  readonly previous: Values | undefined;
  /** When the last update or the adoption saw or made the key's last change (ISO 8601). */
  readonly recordedUpdate: string | undefined;
  /** The key as it is on Netlify; `undefined` when it is not there. */
  readonly live: LiveVariable | undefined;
}

/** What `all` stands for. */
export const concreteContexts: readonly Context[] = namedContexts.filter((context) => context !== 'all');

/** From so many seconds on the times of two clocks prove nothing. */
export const clockLimit = 5;

/**
 * Whether a key was changed on Netlify after the stack's last record of it. Without a record, or without a time from
 * Netlify, nobody knows, so it was.
 * The stack's time is that of the machine which wrote, Netlify's its own, `clockAhead` whole seconds ahead of this one's.
 */
export function changedSinceRecord(
  live: Pick<LiveVariable, 'updatedAt'>,
  recorded: string | undefined,
  clockAhead: number,
): boolean {
  // Both times are whole seconds.
  const slack = clockAhead > 0 ? clockAhead + 1 : 0;
  // A time that is none is NaN, which is never at or before another.
  return !(secondsOf(live.updatedAt) <= secondsOf(recorded) + slack);
}

/** A time in whole seconds: the provider records no finer ones. NaN for none. */
function secondsOf(time: string | undefined): number {
  return Math.floor(Date.parse(time ?? '') / 1000);
}
