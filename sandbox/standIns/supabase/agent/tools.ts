import type { ApplicationState } from '../../../application/layApplication.ts';

const staff = ['schedule_session', 'cancel_sessions', 'suggest_optimal_times', 'get_monthly_session_count'];

/** The tools that a role may use. */
const toolsOf: Readonly<Record<string, readonly string[]>> = {
  therapist: staff,
  admin: [...staff, 'bulk_schedule'],
  super_admin: [...staff, 'bulk_schedule'],
};

const known = new Set(Object.values(toolsOf).flat());

/** What the request may use, of what it asks for; what it asks for and may not; unknown names count for neither. */
export function permittedTools(role: string, requested: readonly string[]) {
  const own = toolsOf[role] ?? [];
  const named = requested.filter((tool) => known.has(tool));
  if (named.length === 0) return { allowedTools: own, deniedTools: [] };
  return {
    allowedTools: named.filter((tool) => own.includes(tool)),
    deniedTools: named.filter((tool) => !own.includes(tool)),
  };
}

/** Why a tool does not run, when the switch is off; `undefined` when it does. */
export function refusalOf(tool: string, allowedTools: readonly string[]): string | undefined {
  if (!known.has(tool)) return 'tool_not_registered';
  return allowedTools.includes(tool) ? undefined : 'tool_not_permitted';
}

/** What a permitted tool does: hands an action to the page, answers by itself without a step, or suggests alone. */
export function effectOf(tool: string, state: ApplicationState): 'action' | 'answer' | 'suggestion' {
  if (tool === 'get_monthly_session_count') return 'answer';
  return tool === 'suggest_optimal_times' && state === 'newest' ? 'suggestion' : 'action';
}
