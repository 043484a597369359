import type { DriftSeverity, Fix, Place } from './finding.ts';

/** What is known of a kind of drift, whoever has it. */
export interface Kind {
  readonly target: Place['target'];
  readonly severity: DriftSeverity;
  /** Who fixes it. */
  readonly by: Fix['by'];
  /** What it is, for docs/drift.md. */
  readonly title: string;
}

/** A row of the table of kinds. */
export function kind(target: Place['target'], severity: DriftSeverity, by: Fix['by'], title: string): Kind {
  return { target, severity, by, title };
}
