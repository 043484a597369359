import { listMigrations, managementApi } from '../../../services/supabase/management.ts';
import { requireUsable } from '../../../services/supabase/projectState.ts';
import { MigrationsRefused, titleOf, type Checkout } from './checkout.ts';
import { findCommandLine, pushByCommandLine, whyNotCommandLine } from './commandLine.ts';
import { runMigrations } from './ownRunner.ts';
import { planMigrations, type Plan, type PlanOptions } from './plan.ts';
import { counted } from '../../../machine/counted.ts';

/** What would be applied to the project now; throws what stands in its way. */
export async function pendingMigrations(checkout: Checkout, ref: string, options: PlanOptions): Promise<Plan> {
  const api = managementApi();
  await requireUsable(api, ref);
  const history = await listMigrations(api, ref);
  return planMigrations(
    checkout,
    history.map(({ version }) => version),
    options,
  );
}

/** Lines for people: what will be applied, and what not. */
export function planLines({ pending, leftOut, foreign }: Plan): string[] {
  return [
    ...pending.map((migration) => `  ${titleOf(migration)}`),
    ...(pending.length === 0 ? ['  nothing: the history has all of them'] : []),
    ...leftOut.map((each) => `  left out: ${each}`),
    ...(foreign.length === 0
      ? []
      : [
          `  ${counted(foreign.length, 'version')} of the history ${foreign.length === 1 ? 'is' : 'are'} not in the checkout`,
        ]),
  ];
}

/**
 * Applies what the project's history lacks: by Supabase's command line where it is there and can do exactly that, else
 * by our own requests. Then reads the history: what is not in it was not applied. Yields the titles of those applied.
 */
export async function applyPending(
  checkout: Checkout,
  plan: Plan,
  { ref, includeAll }: { readonly ref: string; readonly includeAll: boolean },
  report: (line: string) => void,
): Promise<string[]> {
  const titles = plan.pending.map(titleOf);
  if (titles.length === 0) return [];
  const command = findCommandLine(checkout.root);
  const notBy = command === undefined ? 'it is not installed here' : whyNotCommandLine(plan);
  if (command === undefined || notBy !== undefined) {
    report(`Without Supabase's command line: ${notBy ?? ''}.`);
    await runMigrations(managementApi(), ref, plan.pending, report);
  } else {
    report(`By Supabase's command line: ${command} db push`);
    await pushByCommandLine(command, checkout, { ref, includeAll }, report);
  }
  const history = new Set((await listMigrations(managementApi(), ref)).map(({ version }) => version));
  const absent = plan.pending.filter(({ version }) => !history.has(version)).map(titleOf);
  if (absent.length > 0) throw new MigrationsRefused('The history lacks what should have been applied.', absent);
  return titles;
}
