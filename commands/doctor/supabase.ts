import { isAnswer, requireTls, type Api } from '../../services/door/http.ts';
import { listFunctionSecrets, listProjects, managementApi, projectStatus } from '../../services/supabase/management.ts';
import { placementsIn, type Settings } from '../../settings/settings.ts';
import { whyNotWaiting } from '../../services/supabase/projectState.ts';
import { databaseUrl, openDatabase } from '../../killSwitch/access.ts';
import { readTable } from '../../killSwitch/table.ts';
import { broken, fine, warning, type Check } from './diagnosis.ts';
import { counted } from '../../machine/counted.ts';
import { forStack } from '../../settings/stack/stackCommand.ts';
import { killSwitchTable } from '../../settings/names/killSwitchTable.ts';

/** The key opens the kill switch, and may read what only the service role may. */
export const serviceRole: Check = async ({ settings }) => {
  const plain = withoutTls(databaseUrl(settings));
  if (plain !== undefined) return broken(plain);
  const database = await openDatabase(settings);
  const row = await readTable(database);
  if (!row) {
    return warning(
      `${killSwitchTable.table} has no row '${killSwitchTable.row}': agents act, and \`${forStack('npm run kill-switch -- off --reason TEXT')}\` makes the row`,
    );
  }
  // Everybody may read the switch, nobody but the service role the traces.
  await database.ask('reading agent_execution_traces', (client) =>
    client.from('agent_execution_traces').select('id').limit(1),
  );
  return fine('reads the kill switch and the traces');
};

/** Why the key is not sent to this address. That is no silence of the service, which it would pass for. */
function withoutTls(url: string): string | undefined {
  try {
    requireTls(url);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The token manages the shared project, and as few others as may be. */
export const accessToken: Check = async ({ settings }) => {
  const api = managementApi();
  const { project } = settings.supabase;
  const [status, projects] = await Promise.all([projectStatus(api, project), listProjects(api)]);
  if (status !== 'ACTIVE_HEALTHY') {
    const why = whyNotWaiting(status);
    return warning(`the project ${project} is ${status}${why === undefined ? '' : `: ${why}`}`);
  }
  const lacking = await lackingRight(api, settings);
  if (lacking !== undefined) return broken(lacking);
  const others = projects.filter((ref) => ref !== project);
  if (others.length > 0) {
    return warning(`manages ${counted(others.length, 'other project')} too: use a user of this project's organisation`);
  }
  return fine(`manages the project ${project}, which is healthy, and no other`);
};

/** What the token lacks of what the declared Edge Function secrets need; a token of an organisation may have fewer rights. */
async function lackingRight(api: Api, settings: Settings): Promise<string | undefined> {
  if (placementsIn(settings, 'edgeFunction').length === 0) return undefined;
  try {
    await listFunctionSecrets(api, settings.supabase.project);
    return undefined;
  } catch (error) {
    if (!isAnswer(error, 403)) throw error;
    return 'may not read Edge Function secrets, which the configuration declares: use a token of a user with the role Developer at least';
  }
}
