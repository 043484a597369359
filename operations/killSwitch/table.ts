import { z } from 'zod';
import type { SupabaseDatabase } from '../../services/supabase.ts';

/** Level 1: the row `global` of `agent_runtime_config`. */
export interface TableSwitch {
  readonly disabled: boolean;
  readonly reason: string | null;
  readonly by: string | null;
  /** ISO 8601, by the database's clock. */
  readonly at: string;
}

const row = z.object({
  actions_disabled: z.boolean(),
  reason: z.string().nullable(),
  updated_by: z.string().nullable(),
  updated_at: z.string(),
});

const columns = 'actions_disabled,reason,updated_by,updated_at';

/** The switch as the database has it; `undefined` when the row is missing. */
export async function readTable(database: SupabaseDatabase): Promise<TableSwitch | undefined> {
  const found = await database.ask('reading agent_runtime_config', (client) =>
    client.from('agent_runtime_config').select(columns).eq('config_key', 'global').maybeSingle(),
  );
  return found === null ? undefined : switchOf(found);
}

/** Sets the switch, then reads it again: what is returned is what the database holds. A missing row is made. */
export async function writeTable(
  database: SupabaseDatabase,
  change: { readonly disabled: boolean; readonly reason: string; readonly by: string },
): Promise<TableSwitch> {
  await database.ask('writing agent_runtime_config', (client) =>
    client.from('agent_runtime_config').upsert(
      {
        config_key: 'global',
        actions_disabled: change.disabled,
        reason: change.reason,
        updated_by: change.by,
      },
      { onConflict: 'config_key' },
    ),
  );
  const now = await readTable(database);
  if (now?.disabled !== change.disabled) {
    throw new Error(
      `Supabase took the change, but agent_runtime_config still says actions_disabled=${String(now?.disabled)}: ` +
        'somebody else changed it at the same moment. Look: npm run kill-switch -- status',
    );
  }
  return now;
}

function switchOf(found: unknown): TableSwitch {
  const parsed = row.parse(found);
  return {
    disabled: parsed.actions_disabled,
    reason: parsed.reason,
    by: parsed.updated_by,
    at: new Date(parsed.updated_at).toISOString(),
  };
}
