import type { FailureClass } from '../../deploys/smokeAnnotation.ts';
import type { Target } from './target.ts';

/** A check's finding: the site is not as it should be, and trying again will not help. */
export class CheckFailure extends Error {
  readonly failureClass: FailureClass;

  constructor(failureClass: FailureClass, message: string) {
    super(message);
    this.failureClass = failureClass;
  }
}

/** What a check left behind for the report. */
interface Evidence {
  /** One sentence. */
  readonly detail: string;
  /** Facts worth a line each; never a secret. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** One thing to prove about the running site. */
export interface Check {
  /** Kebab case, stable: names the check in reports. */
  readonly name: string;
  readonly title: string;
  /** The class of a failure that passes by itself but did not: no answer, a reset, 429, 5xx. */
  readonly transientClass: FailureClass;
  run(target: Target): Promise<Evidence>;
}

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly status: 'passed' | 'failed';
  readonly failureClass?: FailureClass;
  readonly detail: string;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly attempts: number;
  readonly durationMs: number;
}
