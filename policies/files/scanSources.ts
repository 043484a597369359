import { createHash } from 'node:crypto';
import { findSecrets, type FindOptions } from '../detection/findSecrets.ts';
import { positionAt } from '../detection/position.ts';
import type { Finding } from '../detection/finding.ts';
import type { KnownValueFound } from '../detection/valueSearch.ts';
import { exceptionsFile, parseExceptions } from './exceptions.ts';
import type { ScanFinding } from './scanFinding.ts';
import type { Source } from './source.ts';

/** Finds values that are known to be secret in a text. */
export type ValueFinder = (text: string) => KnownValueFound[];

function asFinding({ start, end, name }: KnownValueFound): Finding {
  return {
    start,
    end,
    rule: 'vault-value',
    severity: 'error',
    summary: `the value of ${name}, as it is in 1Password`,
    fix: `Refer to ${name} instead of writing its value, and replace the value in 1Password and where it is used.`,
  };
}

/** What a text holds. A value from the vault outranks a shape: it is certain, and no exception covers it. */
async function findIn(text: string, known: ValueFinder, options: FindOptions): Promise<Finding[]> {
  const certain = known(text).map(asFinding);
  const likely = await findSecrets(text, options);
  return [...certain, ...likely.filter((a) => !certain.some((b) => a.start < b.end && b.start < a.end))];
}

function fingerprint(rule: string, value: string): string {
  return createHash('sha256').update(`${rule}\0${value}`).digest('hex').slice(0, 12);
}

/** A path that is safe to print: a secret in the name of a file is masked like any other. */
async function safePath(file: string, known: ValueFinder): Promise<string> {
  const spans = (await findIn(file, known, { only: 'shapes' })).sort((a, b) => b.start - a.start);
  return spans.reduce((path, { start, end }) => `${path.slice(0, start)}****${path.slice(end)}`, file);
}

async function scanSource(source: Source, known: ValueFinder): Promise<ScanFinding[]> {
  const found = new Map<string, ScanFinding>();
  for (const piece of source.read()) {
    for (const { start, end, rule, severity, summary, fix } of await findIn(piece.text, known, { file: source.file })) {
      const { line, column } = positionAt(piece.text, start);
      const place = piece.binary ? { line: 1, column: 1 } : { line: piece.line + line, column };
      const mark = fingerprint(rule, piece.text.slice(start, end));
      const commit = source.commit && { commit: source.commit };
      const finding = { file: source.file, ...place, rule, severity, summary, fix, fingerprint: mark, ...commit };
      found.set(`${place.line}:${place.column}:${rule}`, finding); // windows overlap
    }
  }
  return [...found.values()];
}

/** Scans every source once. `exceptions` is the text of the reviewed exceptions that belong to them. */
export async function scanSources(
  sources: Iterable<Source>,
  exceptions: string,
  known: ValueFinder = () => [],
): Promise<ScanFinding[]> {
  const reviewed = parseExceptions(exceptions);
  const findings: ScanFinding[] = [...reviewed.problems];
  const paths = new Set<string>();
  for (const source of sources) {
    paths.add(source.file);
    for (const finding of await scanSource(source, known)) {
      const isReviewed = finding.rule !== 'vault-value' && reviewed.covers(finding);
      if (!isReviewed && source.file !== exceptionsFile) findings.push(finding);
    }
  }
  findings.push(...(await scanPaths([...paths], known)));
  return withSafePaths(findings, known);
}

/** Names of files that are secrets themselves. All names are looked through as one text: most repositories have thousands. */
async function scanPaths(paths: readonly string[], known: ValueFinder): Promise<ScanFinding[]> {
  const all = paths.join('\n');
  const spans = await findIn(all, known, { only: 'shapes' });
  return spans.map(({ start, end, rule, severity, summary }) => {
    const file = paths[positionAt(all, start).line - 1] ?? '';
    return {
      file,
      line: 1,
      column: 1,
      rule,
      severity,
      summary: `${summary}, in the name of a file`,
      fix: 'Rename the file, and replace the secret.',
      fingerprint: fingerprint(rule, all.slice(start, end)),
    };
  });
}

async function withSafePaths(findings: readonly ScanFinding[], known: ValueFinder): Promise<ScanFinding[]> {
  const safe = new Map<string, string>();
  for (const { file } of findings) if (!safe.has(file)) safe.set(file, await safePath(file, known));
  return findings.map((finding) => ({ ...finding, file: safe.get(finding.file) ?? finding.file }));
}
