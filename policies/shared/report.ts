import type { ReportViolation } from '@pulumi/policy';
import { findSecrets } from '../detection/findSecrets.ts';
import { looksRandom } from '../detection/randomness.ts';

/** Masks every secret of a known shape, and whatever else looks made by a generator: names and paths come from programs, and may hold anything. */
export async function masked(text: string): Promise<string> {
  const found = await findSecrets(text, { only: 'shapes' });
  const safe = found.reduceRight((rest, { start, end }) => `${rest.slice(0, start)}****${rest.slice(end)}`, text);
  return safe.replace(/[A-Za-z0-9_+=-]{20,}/g, (run) => (looksRandom(run) ? '****' : run));
}

/** Reports a violation whose text is printed as it is: what is wrong, then what to do. Neither may hold a value. */
export async function violation(report: ReportViolation, problem: string, fix: string, urn?: string): Promise<void> {
  report(await masked(`${problem} ${fix}`), urn);
}
