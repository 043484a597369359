import { createHash } from 'node:crypto';
import { findSecrets, type FindOptions } from '../detection/findSecrets.ts';
import { positionsIn } from '../detection/text/position.ts';
import { withoutOverlaps } from '../detection/text/spans.ts';
import type { Finding } from '../detection/finding.ts';
import type { KnownValueFound } from '../detection/text/valueSearch.ts';
import { exceptionsFile, withoutFingerprints } from './exceptions.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ScanFinding } from './scanFinding.ts';
import type { Source } from './source.ts';
import { unreadFinding } from './unread.ts';

/** Finds values that are known to be secret in a text. */
export type ValueFinder = (text: string) => KnownValueFound[];

/** Where no value is known. */
export const nothingKnown: ValueFinder = () => [];

/** A digest of a value, by which it is compared with others and never shown. */
export type DigestOf = (value: string) => string;

/** A finding, with what shows whether other places hold the same value. */
export interface Found {
  readonly finding: ScanFinding;
  /** Only for a value that no shape gives away: such a one may be made up for tests. */
  readonly digest?: string;
}

/** The rule of a value that is known, not guessed. */
export const vaultValue = 'vault-value';

/** The rule of a value that only its name gives away. */
const byItsName = 'secret-under-sensitive-name';

/** Fine where digests stay in memory. */
const plainDigest: DigestOf = (value) => createHash('sha256').update(value).digest('base64');

function asFinding({ start, end, name }: KnownValueFound): Finding {
  return {
    start,
    end,
    rule: vaultValue,
    severity: 'error',
    summary: `the value of ${name}, as it is in 1Password`,
    fix: `Refer to ${name} instead of writing its value, and replace the value in 1Password and where it is used.`,
  };
}

/** What a text holds. A value from the vault outranks a shape: it is certain, and no exception covers it. */
export function findIn(text: string, known: ValueFinder, options: FindOptions): Finding[] {
  const certain = known(text).map(asFinding);
  return withoutOverlaps([...certain, ...findSecrets(text, options)], ({ rule }) => (rule === vaultValue ? 0 : 1));
}

/** The findings beside one of them in the order of the text: enough to mask what else stands on its line. */
export function nearby(all: readonly Finding[]): (index: number) => readonly Finding[] {
  return (index) => all.slice(Math.max(0, index - 10), index + 11);
}

/** What one source holds, before the other sources and the reviewed exceptions are heard. */
export function scanSource(source: Source, known = nothingKnown, digestOf = plainDigest): Found[] {
  const found = new Map<string, Found>();
  for (const piece of source.read()) {
    if (piece.unread !== undefined) found.set(piece.unread, { finding: unreadFinding(source, piece.unread) });
    const text = source.file === exceptionsFile ? withoutFingerprints(piece.text) : piece.text;
    const positions = positionsIn(text);
    const all = findIn(text, known, { file: source.file });
    const around = nearby(all);
    for (const [index, { start, end, rule, severity, summary, fix }] of all.entries()) {
      const { line, column } = positions(start);
      const place = piece.binary ? { line: 1, column: 1 } : { line: piece.line + line, column };
      const mark = fingerprintOf(rule, text, { start, end }, around(index));
      const commit = source.commit && { commit: source.commit };
      const finding = { file: source.file, ...place, rule, severity, summary, fix, fingerprint: mark, ...commit };
      const digest = rule === byItsName && { digest: digestOf(text.slice(start, end)) };
      found.set(`${place.line}:${place.column}:${rule}`, { finding, ...digest }); // windows overlap
    }
  }
  return [...found.values()];
}
