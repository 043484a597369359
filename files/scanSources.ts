import { positionsIn } from '../detection/text/position.ts';
import { replaceSpans } from '../detection/text/spans.ts';
import { parseExceptions } from './exceptions.ts';
import { fingerprintOf } from './fingerprint.ts';
import { Fixtures } from './fixtures.ts';
import type { ScanFinding } from './scanFinding.ts';
import { findIn, nearby, nothingKnown, scanSource, vaultValue, type Found, type ValueFinder } from './scanSource.ts';
import type { Source } from './source.ts';

export type { ValueFinder } from './scanSource.ts';

/** Lets whatever else this process does go on: the policies are loaded while the engine already talks to them. */
const breath = () => new Promise((resolve) => setImmediate(resolve));
const filesABreath = 50;

/** Scans every source once. `exceptions` is the text of the reviewed exceptions that belong to them. */
export async function scanSources(
  sources: Iterable<Source>,
  exceptions: string,
  known = nothingKnown,
): Promise<ScanFinding[]> {
  const found: Found[] = [];
  const paths = new Set<string>();
  let count = 0;
  for (const source of sources) {
    if (++count % filesABreath === 0) await breath();
    paths.add(source.file);
    found.push(...scanSource(source, known));
  }
  return judge(found, paths, exceptions, known);
}

/** What of the findings counts: without the fixtures of tests and the reviewed exceptions, with the names of the files. */
export function judge(
  found: readonly Found[],
  paths: Iterable<string>,
  exceptions: string,
  known = nothingKnown,
): ScanFinding[] {
  const reviewed = parseExceptions(exceptions);
  const fixtures = new Fixtures(found);
  const counts = found
    .map(({ finding }) => finding)
    .filter((finding) => finding.rule === vaultValue || !(reviewed.covers(finding) || fixtures.has(finding)));
  return withSafePaths([...reviewed.problems, ...counts, ...scanPaths([...paths], known)], known);
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

/** A path that is safe to print: a secret in the name of a file is masked like any other. */
export function safePath(file: string, known: ValueFinder = nothingKnown): string {
  return replaceSpans(file, findIn(file, known, { only: 'shapes' }), '****');
}

function withSafePaths(findings: readonly ScanFinding[], known: ValueFinder): ScanFinding[] {
  const safe = new Map<string, string>();
  for (const { file } of findings) if (!safe.has(file)) safe.set(file, safePath(file, known));
  return findings.map((finding) => ({ ...finding, file: safe.get(finding.file) ?? finding.file }));
}
