import { UsageError } from '../cli/errors.ts';

/** With a time and its zone: `2026-01-31T22:00:00Z`, or an offset in its place. */
const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** A moment as a person types it, in whole seconds since 1970. Without a zone it would be another moment on each machine. */
export function momentOf(option: string, text: string): number {
  const at = form.test(text.trim()) ? Date.parse(text.trim()) : NaN;
  if (Number.isNaN(at)) throw new UsageError(`${option} is a time with its zone, like 2026-01-31T22:00:00Z.`);
  return Math.floor(at / 1000);
}

/** Whether a text is that moment, in any zone and form. */
export function isMoment(text: string, seconds: number): boolean {
  try {
    return momentOf('the moment', text) === seconds;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** A moment for people, in UTC. */
export function isoMoment(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
