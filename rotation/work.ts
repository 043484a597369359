import type { Journal, Journals } from './journal.ts';
import type { Plan, StepId } from './plan.ts';
import type { Ports } from './ports.ts';

/** What a rotation works on. */
export interface Work {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly journals: Journals;
  readonly journal: Journal;
}

/** Whether a rotation has a step at all: one of a GitHub secret deploys nothing. */
export function hasStep({ steps }: Plan, id: StepId): boolean {
  return steps.some((step) => step.id === id);
}
