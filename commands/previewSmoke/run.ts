import { retry, TransientError } from '../../services/door/retry.ts';
import { CheckFailure, type Check, type CheckResult } from './check.ts';
import type { Target } from './target.ts';

export interface RunOptions {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly onResult: (result: CheckResult) => void;
  readonly onRetry: (check: Check, reason: string) => void;
}

/** Runs one check, again only after what may pass by itself. Anything else that is thrown means that the test could not run. */
async function runOne(check: Check, target: Target, options: RunOptions): Promise<CheckResult> {
  const started = performance.now();
  let attempts = 0;
  const outcome = async (): Promise<Pick<CheckResult, 'status' | 'detail' | 'facts' | 'failureClass'>> => {
    try {
      const { detail, facts = {} } = await retry(
        {
          attempts: options.attempts,
          pauseMs: options.pauseMs,
          longestPauseMs: 20_000,
          onRetry: (error) => options.onRetry(check, error.message),
        },
        (attempt) => {
          attempts = attempt;
          return check.run(target);
        },
      );
      return { status: 'passed', detail, facts };
    } catch (error) {
      if (error instanceof CheckFailure) {
        return { status: 'failed', failureClass: error.failureClass, detail: error.message, facts: {} };
      }
      if (error instanceof TransientError) {
        const detail = `${error.message}, ${attempts} times`;
        return { status: 'failed', failureClass: check.transientClass, detail, facts: {} };
      }
      throw error;
    }
  };
  const result = await outcome();
  return {
    name: check.name,
    title: check.title,
    ...result,
    detail: target.redact(result.detail),
    attempts,
    durationMs: Math.round(performance.now() - started),
  };
}

/** Runs every check in order; a failed one does not keep the next from being tried. */
export async function runChecks(checks: readonly Check[], target: Target, options: RunOptions): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = await runOne(check, target, options);
    options.onResult(result);
    results.push(result);
  }
  return results;
}
