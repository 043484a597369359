import { UsageError } from './cli.ts';

/**
 * Refuses once, with everything that a call lacks: each a sentence that names the option. What is `false` is there.
 * A refusal that names one thing at a time is met again and again.
 */
export function refuseMissing(lacking: readonly (string | false)[]): void {
  const missing = lacking.filter((each) => each !== false);
  if (missing.length > 0) throw new UsageError(`Nothing was done. ${missing.join(' ')}`);
}
