import { z } from 'zod';
import type { SupabaseDatabase } from '../../services/supabase.ts';

/** What agents tried since a moment. */
export interface Evidence {
  /** Steps that the gate refused because of the kill switch. */
  readonly denied: number;
  /** Actions that ran all the same: what, and in which request. */
  readonly ran: readonly { readonly step: string; readonly requestId: string; readonly at: string }[];
}

const denied = 'execution.gate.denied';
const shown = 20;

/**
 * Reads `agent_execution_traces`. Every step of an execution that is not a refusal counts as an action that ran, from
 * `graceMs` after `since`: what the gate let through a moment before still ends.
 */
export async function readEvidence(database: SupabaseDatabase, since: string, graceMs: number): Promise<Evidence> {
  const afterGrace = new Date(Date.parse(since) + graceMs).toISOString();
  const refused = await database.ask('reading agent_execution_traces', (client) =>
    client
      .from('agent_execution_traces')
      .select('id')
      .eq('step_name', denied)
      .eq('payload->>killSwitchEnabled', 'true')
      .gte('created_at', since)
      .limit(1000),
  );
  const others = await database.ask('reading agent_execution_traces', (client) =>
    client
      .from('agent_execution_traces')
      .select('step_name,request_id,created_at')
      .like('step_name', 'execution.%')
      .neq('step_name', denied)
      .gte('created_at', afterGrace)
      .order('created_at')
      .limit(shown),
  );
  const rows = z
    .array(z.object({ step_name: z.string(), request_id: z.string(), created_at: z.string() }))
    .parse(others);
  return {
    denied: (refused ?? []).length,
    ran: rows.map(({ step_name: step, request_id: requestId, created_at: at }) => ({ step, requestId, at })),
  };
}
