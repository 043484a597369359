/** The middle of several measurements and how far apart they are. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Sums up at least one measurement. */
export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('nothing was measured');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/**
 * How many times as long the one took as the other, round by round: both ran one after the other in each round, so
 * whatever else the machine did hit both.
 */
export function ratios(one: readonly number[], other: readonly number[]): Summary {
  if (one.length !== other.length) throw new Error('the rounds do not match');
  return summary(one.map((value, round) => value / (other[round] ?? Number.NaN)));
}
