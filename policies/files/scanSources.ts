import { findSecrets, type FindOptions } from '../detection/findSecrets.ts';
import { positionsIn } from '../detection/position.ts';
import { replaceSpans, withoutOverlaps } from '../detection/spans.ts';
import type { Finding } from '../detection/finding.ts';
import type { KnownValueFound } from '../detection/valueSearch.ts';
import { exceptionsFile, parseExceptions, withoutFingerprints } from './exceptions.ts';
import { fingerprintOf } from './fingerprint.ts';
import { Fixtures } from './fixtures.ts';
import type { ScanFinding } from './scanFinding.ts';
import type { Source } from './source.ts';
import { unreadFinding } from './unread.ts';

/** Finds values that are known to be secret in a text. */
export type ValueFinder = (text: string) => KnownValueFound[];

/** The rule of a value that is known, not guessed. */
const vaultValue = 'vault-value';

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
function findIn(text: string, known: ValueFinder, options: FindOptions): Finding[] {
  const certain = known(text).map(asFinding);
  return withoutOverlaps([...certain, ...findSecrets(text, options)], ({ rule }) => (rule === vaultValue ? 0 : 1));
}

/** A path that is safe to print: a secret in the name of a file is masked like any other. */
function safePath(file: string, known: ValueFinder): string {
  return replaceSpans(file, findIn(file, known, { only: 'shapes' }), '****');
}

function scanSource(source: Source, known: ValueFinder, fixtures: Fixtures): ScanFinding[] {
  const found = new Map<string, ScanFinding>();
  for (const piece of source.read()) {
    if (piece.unread !== undefined) found.set(piece.unread, unreadFinding(source, piece.unread));
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
      fixtures.note(finding, text.slice(start, end));
      found.set(`${place.line}:${place.column}:${rule}`, finding); // windows overlap
    }
  }
  return [...found.values()];
}

/** The findings beside one of them in the order of the text: enough to mask what else stands on its line. */
function nearby(all: readonly Finding[]): (index: number) => readonly Finding[] {
  return (index) => all.slice(Math.max(0, index - 10), index + 11);
}

/** Lets whatever else this process does go on: the policies are loaded while the engine already talks to them. */
const breath = () => new Promise((resolve) => setImmediate(resolve));
const filesABreath = 50;

/** Scans every source once. `exceptions` is the text of the reviewed exceptions that belong to them. */
export async function scanSources(
  sources: Iterable<Source>,
  exceptions: string,
  known: ValueFinder = () => [],
): Promise<ScanFinding[]> {
  const reviewed = parseExceptions(exceptions);
  const findings: ScanFinding[] = [...reviewed.problems];
  const paths = new Set<string>();
  const fixtures = new Fixtures();
  let count = 0;
  for (const source of sources) {
    if (++count % filesABreath === 0) await breath();
    paths.add(source.file);
    for (const finding of scanSource(source, known, fixtures)) {
      const isReviewed = finding.rule !== vaultValue && reviewed.covers(finding);
      if (!isReviewed) findings.push(finding);
    }
  }
  fixtures.removeFrom(findings);
  findings.push(...scanPaths([...paths], known));
  return withSafePaths(findings, known);
}

/** Names of files that are secrets themselves. All names are looked through as one text: most repositories have thousands. */
function scanPaths(paths: readonly string[], known: ValueFinder): ScanFinding[] {
  const all = paths.join('\n');
  const positions = positionsIn(all);
  const found = findIn(all, known, { only: 'shapes' });
  const around = nearby(found);
  return found.map(({ start, end, rule, severity, summary }, index) => {
    const file = paths[positions(start).line - 1] ?? '';
    return {
      file,
      line: 1,
      column: 1,
      rule,
      severity,
      summary: `${summary}, in the name of a file`,
      fix: 'Rename the file, and replace the secret.',
      fingerprint: fingerprintOf(rule, all, { start, end }, around(index)),
    };
  });
}

function withSafePaths(findings: readonly ScanFinding[], known: ValueFinder): ScanFinding[] {
  const safe = new Map<string, string>();
  for (const { file } of findings) if (!safe.has(file)) safe.set(file, safePath(file, known));
  return findings.map((finding) => ({ ...finding, file: safe.get(finding.file) ?? finding.file }));
}
