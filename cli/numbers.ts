import { decimal } from '../machine/decimal.ts';
import { UsageError } from './errors.ts';

/** Which numbers an option takes: written in decimals, from `least` (default: more than 0) to `most`. */
export interface NumberRule {
  /** As in the message: `seconds`. None where it counts nothing. */
  readonly unit?: string;
  readonly least?: number;
  readonly most: number;
  /** Without a fraction. Default false. */
  readonly whole?: boolean;
}

/** Seconds that a command waits. A timer of Node’s takes no more than 24 days, and one day is enough. */
export const seconds: NumberRule = { unit: 'seconds', most: 86_400 };

/** How many of something: 1, 2, 3 … */
export const count: NumberRule = { least: 1, most: Number.MAX_SAFE_INTEGER, whole: true };

/**
 * The number that an option or a variable names. Throws a {@link UsageError} for what is none: empty, signed, infinite, in
 * another notation, out of bounds. A wrong number would be a wait without end or without a pause.
 */
export function numberOf(name: string, text: string, { unit, least, most, whole = false }: NumberRule): number {
  const value = decimal(text) ?? NaN;
  const isInside = (least === undefined ? value > 0 : value >= least) && value <= most;
  if (isInside && (!whole || Number.isInteger(value))) return value;
  const bounds = least === undefined ? `more than 0 and at most ${most}` : `${least} at least and at most ${most}`;
  const what = `a ${whole ? 'whole ' : ''}number${unit === undefined ? '' : ` of ${unit}`}`;
  throw new UsageError(`${name} is ${what}, ${bounds}.`);
}
