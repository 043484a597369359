import type { ReportViolation } from '@pulumi/policy';
import { findSecrets } from '../../detection/findSecrets.ts';
import { looksRandom } from '../../detection/randomness.ts';
import { replaceSpans } from '../../detection/text/spans.ts';

/** Masks every secret of a known shape, and whatever else looks made by a generator: names and paths come from programs, and may hold anything. */
export function masked(text: string): string {
  const safe = replaceSpans(text, findSecrets(text, { only: 'shapes' }), '****');
  return safe.replace(/[A-Za-z0-9_+=-]{20,}/g, (run) => (looksRandom(run) ? '****' : run));
}

/** Reports a violation whose text is printed as it is: what is wrong, then what to do. Neither may hold a value. */
export function violation(report: ReportViolation, problem: string, fix: string, urn?: string): Promise<void> {
  report(masked(`${problem} ${fix}`), urn);
  return Promise.resolve();
}
