import type { Settings } from '../../../settings/settings.ts';
import { emergencyVariable, secretKeyVariables } from '../../../settings/names/names.ts';
import { vaultAccess } from '../../../secrets/vaultAccess.ts';
import { openDatabase, openManagement } from '../../../killSwitch/access.ts';
import { readSecret } from '../../../killSwitch/secret.ts';
import { readTable } from '../../../killSwitch/table.ts';
import { finding, type Finding } from '../finding.ts';
import type { Part } from '../observed.ts';
import { forStack } from '../../../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../../../settings/names/killSwitchTable.ts';

/**
 * The two places of the agents' kill switch that agents read, both of the project that all environments share: the row,
 * and the Edge Function secret.
 */
export async function killSwitch(settings: Settings, env: NodeJS.ProcessEnv = process.env): Promise<Part> {
  const vault = vaultAccess(env).kind !== 'none';
  const at = (address: string | undefined, key: string | undefined, names: readonly [address: string, key: string]) => {
    if (!address) return `give its address (${names[0]}).`;
    return key || vault ? undefined : `set ${names[1]}, or give access to 1Password.`;
  };
  const row = at(
    env.STAGING_SUPABASE_URL ?? env.SUPABASE_URL,
    secretKeyVariables.map((name) => env[name]).find(Boolean),
    ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'],
  );
  // The Management API has one address; a look that was not led to the project at all leaves it alone, too.
  const secret = at(
    env.SUPABASE_API_ENDPOINT ?? env.STAGING_SUPABASE_URL ?? env.SUPABASE_URL,
    env.SUPABASE_ACCESS_TOKEN,
    ['SUPABASE_URL', 'SUPABASE_ACCESS_TOKEN'],
  );
  const findings = [
    ...(row === undefined ? await lookAtRow(settings, env) : []),
    ...(secret === undefined ? await lookAtSecret(settings, env) : []),
  ];
  const notChecked = [
    ...(row === undefined ? [] : [`The kill switch in the database: ${row}`]),
    ...(secret === undefined ? [] : [`The kill switch among the Edge Function secrets: ${secret}`]),
  ];
  return notChecked.length === 0 ? { findings } : { findings, notChecked, unseen: 'Supabase' };
}

const noteFor = ({ supabase }: Settings) =>
  `Only when the incident is over${supabase.mode === 'shared-project' ? ': it is production’s switch too' : ''}.`;

/** Only the service role sees the row in every state of the application: to a visitor the table looks empty. */
async function lookAtRow(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const row = await readTable(await openDatabase(settings, env));
  if (!row) {
    return [
      finding({
        kind: 'kill-switch-missing',
        subject: killSwitchTable.table,
        what: `${killSwitchTable.table} has no row "${killSwitchTable.row}": agents act, and nothing records who let them.`,
        command: forStack('npm run kill-switch -- restore --reason TEXT'),
        note: 'It makes the row, under which agents act as before. `off` makes it too, and stops them.',
      }),
    ];
  }
  if (!row.disabled) return [];
  return [
    finding({
      kind: 'kill-switch-on',
      subject: killSwitchTable.table,
      what: 'Agents are disabled in the database, for every environment that uses it.',
      since: row.at,
      by: row.by ?? undefined,
      command: forStack('npm run kill-switch -- restore --reason TEXT'),
      note: noteFor(settings),
    }),
  ];
}

async function lookAtSecret(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const secret = await readSecret(await openManagement(settings, env), settings.supabase.project);
  if (!secret.disabled) return [];
  return [
    finding({
      kind: 'kill-switch-on',
      subject: emergencyVariable,
      what: `Agents are disabled by the Edge Function secret ${emergencyVariable}, whatever the database says.`,
      since: secret.at,
      command: forStack('npm run kill-switch -- restore --emergency --reason TEXT'),
      note: noteFor(settings),
    }),
  ];
}
