import { workflowCommand } from '../../machine/output.ts';
import type { CheckResult, FailureClass } from './check.ts';

/** The title under which GitHub keeps a failed check on the job: `npm run drift` reads it there. */
export function annotationTitle(failureClass: FailureClass): string {
  return `Smoke: ${failureClass}`;
}

/** The line that makes GitHub keep a failed check as an annotation of the job. */
export function annotation({ failureClass, title, detail }: CheckResult): string {
  return workflowCommand(
    'error',
    failureClass === undefined ? 'Smoke' : annotationTitle(failureClass),
    `${title}: ${detail}`,
  );
}
