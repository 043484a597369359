import { z } from 'zod';
import { CheckFailure, type Check } from '../check.ts';
import { signIn } from './session.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../../../settings/names/killSwitchTable.ts';

/** PostgreSQL's refusal of a right. */
const insufficientPrivilege = '42501';

/**
 * The kill switch's table answers. Its row is for administrators (row-level security): what this user may not see is
 * reported as not known, never as on or off. The state is reported, not judged.
 */
export const killSwitch: Check = {
  name: 'kill-switch',
  title: 'The kill switch’s table answers',
  transientClass: 'unreachable',
  async run(target) {
    const { client, fail } = await signIn(target);
    const { data, error } = await client
      .from(killSwitchTable.table)
      .select('actions_disabled')
      .eq('config_key', killSwitchTable.row)
      .retry(false)
      .maybeSingle();
    if (error && error.code !== insufficientPrivilege) {
      fail('kill-switch', `${killSwitchTable.table} cannot be read`, error);
    }
    if (error || data === null) {
      return {
        detail: `it answers; this user sees no row, as it is for administrators: ${forStack('npm run kill-switch -- status')}`,
        facts: { actionsDisabled: 'not known' },
      };
    }
    const row = z.object({ actions_disabled: z.boolean() }).safeParse(data);
    if (!row.success)
      throw new CheckFailure(
        'kill-switch',
        `the row '${killSwitchTable.row}' of ${killSwitchTable.table} says nothing`,
      );
    const disabled = row.data.actions_disabled;
    return {
      detail: `agent actions are ${disabled ? 'disabled' : 'enabled'} in the table`,
      facts: { actionsDisabled: disabled },
    };
  },
};
