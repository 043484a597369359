import { requiredCheck } from './requiredCheck.ts';

/** Files of the application's workflows that may carry the deploy job beside others; `pipeline apply` makes the first. */
export const sharedWorkflowFiles = ['ci.yml', 'ci.yaml'] as const;

/** The file of the deploy job's own workflow, where a shared one cannot carry it. */
export const ownWorkflowFile = `${requiredCheck}.yaml`;
