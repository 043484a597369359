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
  /** Tells this value in this rule from others, for an exception; no way back to the value. */
  readonly fingerprint: string;
  /** The commit in which it stands, when that is not the present state. */
  readonly commit?: string;
}
