import { MigrationsRefused, titleOf, type Checkout, type Migration } from './checkout.ts';

/** What is to be applied, and what is left out. */
export interface Plan {
  readonly pending: readonly Migration[];
  /** Not in the history, and not to be applied: each with the reason. */
  readonly leftOut: readonly string[];
  /** Versions of the history that the checkout does not have. */
  readonly foreign: readonly string[];
}

export interface PlanOptions {
  /** Versions that a person wants left out this time: the culprit of a regression. */
  readonly without: readonly string[];
  /** Whether migrations older than the newest applied one are applied too. */
  readonly includeAll: boolean;
}

/**
 * Compares the checkout with the project's history. Throws a {@link MigrationsRefused} where applying would be out of
 * order, or where a file cannot be run.
 */
export function planMigrations(
  { migrations, forbidden }: Checkout,
  history: readonly string[],
  { without, includeAll }: PlanOptions,
): Plan {
  const applied = new Set(history);
  const known = new Set(migrations.map(({ version }) => version));
  const unknown = without.filter((version) => !known.has(version));
  if (unknown.length > 0) {
    throw new MigrationsRefused('--without names no migration of the checkout.', unknown);
  }
  const missing = migrations.filter(({ version }) => !applied.has(version));
  const leftOut = missing.flatMap((migration) => {
    if (without.includes(migration.version)) return [`${titleOf(migration)} (--without)`];
    const why = forbidden.get(migration.version);
    return why === undefined ? [] : [`${titleOf(migration)} (${why.classification})`];
  });
  const pending = missing.filter(({ version }) => !without.includes(version) && !forbidden.has(version));
  const unrunnable = pending.flatMap((migration) =>
    migration.requests.problem === undefined ? [] : [`${titleOf(migration)}: ${migration.requests.problem}`],
  );
  if (unrunnable.length > 0) throw new MigrationsRefused('Some migrations cannot be run.', unrunnable);
  const newest = history.reduce((last, version) => (version > last ? version : last), '');
  const late = pending.filter(({ version }) => version < newest);
  if (late.length > 0 && !includeAll) {
    throw new MigrationsRefused(
      `Out of order: the history goes to ${newest}, and older migrations are not in it. If they are to be applied after it, add --include-all; one alone is left out by --without VERSION.`,
      late.map(titleOf),
    );
  }
  return { pending, leftOut, foreign: history.filter((version) => !known.has(version)) };
}
