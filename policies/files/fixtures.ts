import { createHash } from 'node:crypto';
import type { ScanFinding } from './scanFinding.ts';

/** Paths of tests and their data. */
const testPath =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|cypress|playwright|fixtures?|testdata|mocks?)\/|[._-](?:test|spec|stories|cy)\.\w+$/i;

/** A value that stands in so many places of tests is made up for them. */
const manyPlaces = 10;

interface Value {
  places: number;
  onlyInTests: boolean;
  readonly findings: ScanFinding[];
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
    const known = this.#values.get(key) ?? { places: 0, onlyInTests: true, findings: [] };
    known.places++;
    known.onlyInTests &&= testPath.test(finding.file);
    known.findings.push(finding);
    this.#values.set(key, known);
  }

  /** Takes the findings that are fixtures out of the list. */
  removeFrom(findings: ScanFinding[]): void {
    const fixtures = new Set<ScanFinding>();
    for (const { places, onlyInTests, findings: all } of this.#values.values()) {
      if (onlyInTests && places >= manyPlaces) for (const each of all) fixtures.add(each);
    }
    if (fixtures.size === 0) return;
    const kept = findings.filter((finding) => !fixtures.has(finding));
    findings.splice(0, findings.length, ...kept);
  }
}
