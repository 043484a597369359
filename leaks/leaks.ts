import type { Secret } from '../secrets/secret.ts';
import { valueFinder, type KnownValue } from '../detection/text/valueSearch.ts';
import { locate, type Find } from './locate.ts';
import type { Row } from './rows.ts';
import { revocationOf, type Revocation } from './vendors.ts';
import type { VaultValue } from './vaultValues.ts';

/** A value of the vault that was found where it must not stand. */
export interface Leak {
  readonly value: VaultValue;
  readonly found: readonly Row[];
}

/** A token that this vault does not hold. */
export interface Stranger extends KnownValue {
  readonly rule: string;
  readonly severity: Row['severity'];
  readonly revocation: Revocation;
  readonly found: readonly Row[];
}

/** What a scan has found, by what it is. */
export interface Sorted {
  readonly leaks: readonly Leak[];
  readonly strangers: readonly Stranger[];
  /** What stands no more where it was found. */
  readonly lost: readonly Row[];
}

/** Shorter values are words: they stand everywhere. */
const shortest = 8;

/** A search for values, each in every spelling. */
export function finderOf(values: readonly KnownValue[]): Find {
  return valueFinder(values, shortest);
}

/** Looks at each place again, and says which value of the vault stands there; one that stands in many places is one leak. */
export function sorted(rows: readonly Row[], folders: readonly string[], values: readonly VaultValue[]): Sorted {
  const find = finderOf(values);
  const leaks = new Map<VaultValue, Row[]>();
  const strangers = new Map<string, { readonly token: Secret; readonly rows: [Row, ...Row[]] }>();
  const lost: Row[] = [];
  for (const row of rows) {
    const located = locate(row, folders, find);
    if (located === undefined) lost.push(row);
    for (const value of values)
      if (located?.names.includes(value.name) === true) leaks.set(value, [...(leaks.get(value) ?? []), row]);
    const token = located?.token;
    if (token === undefined) continue;
    const known = strangers.get(token.reveal());
    if (known) known.rows.push(row);
    else strangers.set(token.reveal(), { token, rows: [row] });
  }
  return {
    leaks: [...leaks].map(([value, found]) => ({ value, found })),
    strangers: [...strangers.values()].map(({ token, rows: found }, index) => {
      const [{ rule }] = found;
      const isError = found.some(({ severity }) => severity === 'error');
      return {
        ...{ name: `stranger ${index}`, reveal: () => token.reveal(), rule, found },
        severity: isError ? ('error' as const) : ('warning' as const),
        revocation: revocationOf(rule, token),
      };
    }),
    lost,
  };
}
