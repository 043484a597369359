import type { ApplicationState } from '../../../application/layApplication.ts';
import type { Database } from '../database.ts';

/** What the agent knows of the kill switch when a request comes. */
export interface KillSwitch {
  readonly killSwitchEnabled: boolean;
  readonly killSwitchReason?: string;
  readonly killSwitchSource?: 'env' | 'db';
}

const yes: readonly string[] = ['true', '1', 'yes'];

/**
 * Decides as the application's agent does: the function's secret first, then the row. A row that cannot be read lets
 * agents act in the playbook's state, and stops them in the newest.
 */
export async function readKillSwitch(
  state: ApplicationState,
  secrets: Readonly<Record<string, string>>,
  database: Database,
): Promise<KillSwitch> {
  if (yes.includes((secrets.AGENT_ACTIONS_DISABLED ?? '').trim().toLowerCase())) {
    return { killSwitchEnabled: true, killSwitchReason: 'actions_disabled', killSwitchSource: 'env' };
  }
  let row: { actions_disabled: boolean; reason: string | null } | undefined;
  try {
    const { rows } = await database.as({ role: 'service_role' }, (transaction) =>
      transaction.query<NonNullable<typeof row>>(
        "select actions_disabled, reason from agent_runtime_config where config_key = 'global'",
      ),
    );
    row = rows[0];
  } catch {
    if (state === 'playbook') return { killSwitchEnabled: false };
    return { killSwitchEnabled: true, killSwitchReason: 'runtime_policy_unavailable', killSwitchSource: 'db' };
  }
  if (row?.actions_disabled !== true) return { killSwitchEnabled: false };
  return { killSwitchEnabled: true, killSwitchReason: row.reason ?? 'actions_disabled', killSwitchSource: 'db' };
}
