import { workflowCommand } from '../../machine/output.ts';
import { annotationTitle } from '../../deploys/smokeAnnotation.ts';
import type { CheckResult } from './check.ts';

/** The line that makes GitHub keep a failed check as an annotation of the job. */
export function annotation({ failureClass, title, detail }: CheckResult): string {
  return workflowCommand(
    'error',
    failureClass === undefined ? 'Smoke' : annotationTitle(failureClass),
    `${title}: ${detail}`,
  );
}
