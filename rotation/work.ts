import type { Journal, Journals } from './journal.ts';
import type { Plan } from './plan.ts';
import type { Ports } from './ports.ts';

/** What a rotation works on. */
export interface Work {
  readonly plan: Plan;
  readonly ports: Ports;
  readonly journals: Journals;
  readonly journal: Journal;
  readonly overlapSeconds: number;
}
