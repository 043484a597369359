import { createHash } from 'node:crypto';
import type { ScanFinding } from './scanFinding.ts';

/** Paths of tests and their data. */
const testPath =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|cypress|playwright|fixtures?|testdata|mocks?)\/|[._-](?:test|spec|stories|cy)\.\w+$/i;

/** A value that stands in so many places of tests is made up for them. */
const manyPlaces = 10;

interface Value {
  onlyInTests: boolean;
  readonly findings: ScanFinding[];
}

/** In how many places a value stands at one time: a history holds each place many times. */
function placesOf(findings: readonly ScanFinding[]): number {
  const versions = new Map<string, Map<string, number>>();
  for (const { file, commit = '' } of findings) {
    const counts = versions.get(file) ?? new Map<string, number>();
    counts.set(commit, (counts.get(commit) ?? 0) + 1);
    versions.set(file, counts);
  }
  return [...versions.values()].reduce((sum, counts) => sum + Math.max(...counts.values()), 0);
}

/**
 * Values that only tests hold, and many times: fixtures, not secrets. Only for values that no shape gives away; the digests by
 * which they are compared stay in memory.
 */
export class Fixtures {
  readonly #values = new Map<string, Value>();

  /** Notes that a value was found. */
  note(finding: ScanFinding, value: string): void {
    if (finding.rule !== 'secret-under-sensitive-name') return;
    const key = createHash('sha256').update(value).digest('base64');
    const known = this.#values.get(key) ?? { onlyInTests: true, findings: [] };
    known.onlyInTests &&= testPath.test(finding.file);
    known.findings.push(finding);
    this.#values.set(key, known);
  }

  /** Takes the findings that are fixtures out of the list. */
  removeFrom(findings: ScanFinding[]): void {
    const fixtures = new Set<ScanFinding>();
    for (const { onlyInTests, findings: all } of this.#values.values()) {
      if (onlyInTests && placesOf(all) >= manyPlaces) for (const each of all) fixtures.add(each);
    }
    if (fixtures.size === 0) return;
    const kept = findings.filter((finding) => !fixtures.has(finding));
    findings.splice(0, findings.length, ...kept);
  }
}
