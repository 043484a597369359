import type { Settings } from '../../settings/settings.ts';
import { openDatabase } from '../killSwitch/access.ts';
import { readTable } from '../killSwitch/table.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { finding } from './finding.ts';
import type { Part } from './look.ts';

/**
 * The agents' kill switch in the database that all environments share. Only the service role sees its row in every
 * state of the application: to a visitor the table looks empty.
 */
export async function killSwitch(settings: Settings, env: NodeJS.ProcessEnv = process.env): Promise<Part> {
  if (!env.SUPABASE_URL && !env.STAGING_SUPABASE_URL) return notSeen('give its address (SUPABASE_URL).');
  if (!env.SUPABASE_SERVICE_ROLE_KEY && vaultAccess(env).kind === 'none')
    return notSeen('set SUPABASE_SERVICE_ROLE_KEY, or give access to 1Password.');
  const row = await readTable(await openDatabase(settings, env));
  if (!row) {
    return {
      findings: [
        finding({
          kind: 'kill-switch-missing',
          subject: 'agent_runtime_config',
          what: 'agent_runtime_config has no row "global": agents act, and nothing records who let them.',
          command: 'npm run kill-switch -- restore --reason TEXT',
          note: 'It makes the row, under which agents act as before. `off` makes it too, and stops them.',
        }),
      ],
    };
  }
  if (!row.disabled) return { findings: [] };
  return {
    findings: [
      finding({
        kind: 'kill-switch-on',
        subject: 'agent_runtime_config',
        what: 'Agents are disabled in the database that all environments share.',
        since: row.at,
        by: row.by ?? undefined,
        command: 'npm run kill-switch -- restore --reason TEXT',
        note: 'Only when the incident is over: it is production’s switch too.',
      }),
    ],
  };
}

function notSeen(why: string): Part {
  return { findings: [], notChecked: [`The kill switch in the database: ${why}`], unseen: 'Supabase' };
}
