import type { Target } from './target.ts';

/** What a failed check means for who has to act: each is named in the report and on the last line. */
export type FailureClass =
  /** The site or a service does not answer, or not in time. */
  | 'unreachable'
  /** It answers with another status or shape than it should. */
  | 'bad-answer'
  /** The site does not run as staging. */
  | 'wrong-context'
  /** The site is bound to another Supabase project. */
  | 'wrong-supabase'
  /** The site serves another organisation. */
  | 'wrong-organization'
  /** The published bundle lacks staging's values. */
  | 'build-values'
  /** The published bundle holds a key that must not leave a server. */
  | 'leaked-key'
  | 'sign-in'
  | 'dashboard'
  | 'database'
  | 'kill-switch';

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
