import { z } from 'zod';
import { audited } from '../audit/trail.ts';
import { outcomeOf } from '../services/door/http.ts';
import { DatabaseError, type SupabaseDatabase } from '../services/supabase/supabase.ts';
import { forStack } from '../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../settings/names/killSwitchTable.ts';

/** Level 1: the row `global` of `agent_runtime_config`. */
export interface TableSwitch {
  readonly disabled: boolean;
  readonly reason: string | null;
  /** A name, or the id of a user who changed it in the application; `null` when it names no one. */
  readonly by: string | null;
  /** ISO 8601, by the database's clock. */
  readonly at: string;
}

const answer = z.object({
  actions_disabled: z.boolean(),
  reason: z.string().nullable(),
  updated_by: z.string().nullable(),
  updated_at: z.string(),
});

const { table, row } = killSwitchTable;
const columns = 'actions_disabled,reason,updated_by,updated_at';

/** The switch as the database has it; `undefined` when the row is missing. */
export async function readTable(database: SupabaseDatabase): Promise<TableSwitch | undefined> {
  const found = await database.ask(`reading ${table}`, (client) =>
    client.from(table).select(columns).eq('config_key', row).maybeSingle(),
  );
  return found === null ? undefined : switchOf(found);
}

/**
 * Sets the switch, then reads it again: what is returned is what the database holds. A missing row is made.
 * `updated_at` is the text "now": PostgreSQL reads it, as input of a timestamptz, as the time of the transaction. So
 * the time is the database's own, without a trigger, a function or a clock of ours.
 */
export async function writeTable(
  database: SupabaseDatabase,
  change: { readonly disabled: boolean; readonly reason: string; readonly by: string },
): Promise<TableSwitch> {
  const named = await takesNames(database);
  const act = {
    action: change.disabled ? 'stop agents' : 'let agents act',
    writes: [{ place: table, name: row }],
  };
  const write = async () =>
    database.ask(`writing ${table}`, (client) =>
      client.from(table).upsert(
        {
          config_key: row,
          actions_disabled: change.disabled,
          // Set in any case: somebody else's id would stay there and answer for this change.
          updated_by: named ? change.by : null,
          reason: named ? change.reason : signed(change.reason, change.by.replaceAll(/[()]/g, '')),
          updated_at: 'now',
        },
        { onConflict: 'config_key' },
      ),
    );
  await audited(act, write, outcomeOf);
  const now = await readTable(database);
  if (now?.disabled !== change.disabled) {
    throw new Error(
      `Supabase took the change, but ${table} still says actions_disabled=${String(now?.disabled)}: ` +
        `somebody else changed it at the same moment. Check it: ${forStack('npm run kill-switch -- status')}`,
    );
  }
  return now;
}

/** PostgreSQL's code for a text that is no value of the column's type. */
const invalidText = '22P02';

/** Whether `updated_by` is text. Where it is a user's id, PostgreSQL refuses to compare it with a name. */
async function takesNames(database: SupabaseDatabase): Promise<boolean> {
  try {
    await database.ask(`reading ${table}`, (client) =>
      client.from(table).select('config_key').eq('updated_by', 'a name').limit(1),
    );
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === invalidText) return false;
    throw error;
  }
}

/** Where the column takes no name, the reason ends with it. */
const signed = (reason: string, by: string) => `${reason} (by ${by})`;
const signature = /^(?<reason>.*) \(by (?<by>[^()]+)\)$/s;

function switchOf(found: unknown): TableSwitch {
  const parsed = answer.parse(found);
  const { reason = parsed.reason, by = null } = signature.exec(parsed.reason ?? '')?.groups ?? {};
  return {
    disabled: parsed.actions_disabled,
    ...(parsed.updated_by === null ? { reason, by } : { reason: parsed.reason, by: parsed.updated_by }),
    at: new Date(parsed.updated_at).toISOString(),
  };
}
