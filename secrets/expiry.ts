import { claimsOf } from './claims.ts';

/** From how many days before its end on a token or a value is a warning. */
const warnedDays = 30;

const day = 86_400_000;

/**
 * When a value ends by its own word: a JSON Web Token says it, as Supabase's legacy keys do. `undefined` for every other
 * value: a token of GitHub, Netlify, Supabase or 1Password holds no date.
 */
export function endOf(value: string): Date | undefined {
  return dateOf(claimsOf(value)?.exp);
}

/** When a value was made by its own word, as {@link endOf}. */
export function madeAt(value: string): Date | undefined {
  return dateOf(claimsOf(value)?.iat);
}

function dateOf(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : validDate(seconds * 1000);
}

/** A moment as a date; `undefined` for what is none. */
export function validDate(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** What is said of an end that is near, or over: `ends on 2026-12-20, in 22 days`. `undefined` for one that is far. */
export function nearEnd(end: Date, now: number): { readonly text: string; readonly days: number } | undefined {
  const days = Math.floor((end.getTime() - now) / day);
  if (days >= warnedDays) return undefined;
  const on = end.toISOString().slice(0, 10);
  if (end.getTime() <= now) return { text: `ended on ${on}`, days };
  return { text: `ends on ${on}, ${days === 0 ? 'within a day' : days === 1 ? 'in 1 day' : `in ${days} days`}`, days };
}
