import { z } from 'zod';
import type { SupabaseDatabase } from '../../services/supabase/supabase.ts';

/** The level that refused, as a step names it: `env` is the Edge Function secret, `db` the row. */
export type Source = 'env' | 'db';

/** One step that an agent traced. */
export interface TraceStep {
  readonly step: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** ISO 8601, by the database's clock. */
  readonly at: string;
}

/** What a step says of the kill switch: it refused, by a level; it was not on; or nothing. */
export type Meaning =
  | { readonly kind: 'refused'; readonly source: Source | undefined }
  | { readonly kind: 'open'; readonly what: string }
  | { readonly kind: 'nothing' };

/** The steps that can say something; all others are not read. */
const tellingSteps = [
  'execution.gate.denied',
  'execution.gate.allowed',
  'tool.execution.allowed',
  'tool.execution.suggestion_only',
  'response.sent',
] as const;

/**
 * Reads one step as the application's agents mean it. A gate that denied by its tools alone was open for the permitted
 * ones; a tool that was blocked has reasons of its own; an answer without an action says nothing.
 */
export function meaningOf({ step, payload }: Pick<TraceStep, 'step' | 'payload'>): Meaning {
  switch (step) {
    case 'execution.gate.denied':
      if (payload.killSwitchEnabled === true)
        return { kind: 'refused', source: source.safeParse(payload.killSwitchSource).data };
      return payload.killSwitchEnabled === false
        ? { kind: 'open', what: 'the gate was open for permitted tools' }
        : { kind: 'nothing' };
    case 'execution.gate.allowed':
      return { kind: 'open', what: 'the gate was open' };
    case 'tool.execution.allowed':
      return { kind: 'open', what: 'a tool ran' };
    case 'tool.execution.suggestion_only':
      return { kind: 'open', what: 'a tool was let through to suggest' };
    case 'response.sent':
      return payload.hasAction === true ? { kind: 'open', what: 'an action went out' } : { kind: 'nothing' };
    default:
      return { kind: 'nothing' };
  }
}

const source = z.enum(['env', 'db']);

const rows = z.array(
  z.object({
    step_name: z.string(),
    request_id: z.string(),
    created_at: z.string(),
    killSwitchEnabled: z.unknown(),
    killSwitchSource: z.unknown(),
    hasAction: z.unknown(),
  }),
);

/** Of a payload only what is needed: the rest may be a person's. */
const columns = [
  'step_name,request_id,created_at',
  ...['killSwitchEnabled', 'killSwitchSource', 'hasAction'].map((field) => `${field}:payload->${field}`),
].join(',');

/** As many as Supabase gives at once by default. */
const page = 1000;

/** The telling steps of `agent_execution_traces` from a moment on, the oldest first. */
export async function readSteps(database: SupabaseDatabase, since: string): Promise<TraceStep[]> {
  const found: TraceStep[] = [];
  for (;;) {
    const { length } = found;
    const answer = await database.ask('reading agent_execution_traces', (client) =>
      client
        .from('agent_execution_traces')
        .select(columns)
        .in('step_name', tellingSteps)
        .gte('created_at', since)
        .order('created_at')
        .order('id')
        .range(length, length + page - 1),
    );
    const steps = rows.parse(answer);
    found.push(
      ...steps.map(({ step_name: step, request_id: requestId, created_at: at, ...payload }) => ({
        step,
        requestId,
        at,
        payload,
      })),
    );
    if (steps.length < page) return found;
  }
}
