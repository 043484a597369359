import type { ScanFinding } from './scanFinding.ts';
import type { Found } from './scanSource.ts';

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

/** Values that only tests hold, and many times: fixtures, not secrets. Only for values that no shape gives away. */
export class Fixtures {
  readonly #findings = new Set<ScanFinding>();

  /** Compares the findings of all sources by the digests of their values. */
  constructor(found: readonly Found[]) {
    const values = new Map<string, Value>();
    for (const { finding, digest } of found) {
      if (digest === undefined) continue;
      const value = values.get(digest) ?? { onlyInTests: true, findings: [] };
      value.onlyInTests &&= testPath.test(finding.file);
      value.findings.push(finding);
      values.set(digest, value);
    }
    for (const { onlyInTests, findings } of values.values()) {
      if (onlyInTests && placesOf(findings) >= manyPlaces) for (const each of findings) this.#findings.add(each);
    }
  }

  /** Whether a finding is one of them. */
  has(finding: ScanFinding): boolean {
    return this.#findings.has(finding);
  }
}
