/** One thing in which the application's repository is not as the pipeline needs it. */
export interface Deviation {
  /** From the root of the application's repository, with slashes. */
  readonly path: string;
  /** The line that it is about, from 1. */
  readonly line?: number;
  /** What is, and what would be right. */
  readonly what: string;
  /** Set when `apply` does not change it, because the line is the team's: what a person may paste there. */
  readonly byHand?: string;
}

/** The deviation on one line, which says so when only a person can mend it. */
export function deviationLine({ path, line, what, byHand }: Deviation): string {
  const place = line === undefined ? path : `${path}:${line}`;
  return byHand === undefined ? `${place}: ${what}` : `${place}: ${what} (apply does not change it)`;
}

/** Thrown where the result of a merge is not what it must be: nothing is written. `what` is said of the file. */
export class MergeRefused extends Error {
  override readonly name = 'MergeRefused';
}
