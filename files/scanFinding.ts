import type { Severity } from '../detection/finding.ts';

/** One finding of a scan. It never carries the value. */
export interface ScanFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly fix: string;
  /** Distinguishes this finding from others, for an exception; not made of the value, so that no guess can be confirmed by it. */
  readonly fingerprint: string;
  /** The commit in which it stands, when that is not the present state. */
  readonly commit?: string;
}
