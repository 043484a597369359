import type { Deviation } from '../deviation.ts';
import type { WorkflowFile, WorkflowJob } from './file.ts';

/** A workflow that `apply` writes. */
interface WorkflowChange {
  readonly path: string;
  readonly after: string;
}

/** How the workflows deviate, and what `apply` makes of them. */
export interface WorkflowPlan {
  readonly deviations: readonly Deviation[];
  readonly changes: readonly WorkflowChange[];
}

/** A job with the workflow that has it. */
export interface Found {
  readonly file: WorkflowFile;
  readonly job: WorkflowJob;
}
