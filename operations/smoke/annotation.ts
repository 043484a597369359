import type { CheckResult, FailureClass } from './check.ts';

/** The title under which GitHub keeps a failed check on the job: `npm run drift` reads it there. */
export function annotationTitle(failureClass: FailureClass): string {
  return `Smoke: ${failureClass}`;
}

/** The line that makes GitHub keep a failed check as an annotation of the job. */
export function annotation({ failureClass, title, detail }: CheckResult): string {
  const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const name = failureClass === undefined ? 'Smoke' : annotationTitle(failureClass);
  return `::error title=${escaped(name).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(`${title}: ${detail}`)}`;
}
