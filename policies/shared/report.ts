import type { ReportViolation } from '@pulumi/policy';
import { findSecrets } from '../detection/findSecrets.ts';

/** Masks every secret of a known shape: names and paths come from programs, and may hold anything. */
export async function masked(text: string): Promise<string> {
  const found = await findSecrets(text, { only: 'shapes' });
  return found.reduceRight((safe, { start, end }) => `${safe.slice(0, start)}****${safe.slice(end)}`, text);
}

/** Reports a violation whose text is printed as it is: what is wrong, then what to do. Neither may hold a value. */
export async function violation(report: ReportViolation, problem: string, fix: string, urn?: string): Promise<void> {
  report(await masked(`${problem} ${fix}`), urn);
}
