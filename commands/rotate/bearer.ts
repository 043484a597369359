import type { StagingServices } from '../../deploys/stagingServices.ts';
import { databaseUrl, openManagement } from '../../killSwitch/access.ts';
import type { Secret } from '../../secrets/secret.ts';
import { acceptsBearer, listApiKeys } from '../../services/supabase/apiKeys.ts';

/** Where a person revokes what signed a project's legacy keys, and what that does besides. */
const way =
  'Revoke the project’s legacy JWT secret: https://supabase.com/dashboard/project/_/settings/jwt (people whose session it signed have to sign in again)';

/**
 * What is said where the project still takes one of these legacy keys as a bearer token, beside any of its keys, although it is
 * refused as a key, or where nobody can ask that. `undefined` where it takes none.
 */
export async function opensAsBearer(
  { settings, project }: Pick<StagingServices, 'settings' | 'project'>,
  ...old: readonly Secret[]
): Promise<string | undefined> {
  const legacy = old.filter((each) => !each.reveal().startsWith('sb_'));
  if (legacy.length === 0) return undefined;
  const keys = await listApiKeys(await openManagement(settings), project.ref);
  const beside = keys.find(({ value }) => value.reveal().startsWith('sb_publishable_')) ?? keys[0];
  if (beside === undefined)
    return `is refused as a key. Whether it is still taken as a bearer token cannot be asked: the project has no other key. ${way}`;
  const taken = await Promise.all(legacy.map((each) => acceptsBearer(databaseUrl(settings), each, beside.value)));
  if (!taken.includes(true)) return undefined;
  return `is refused as a key, and STILL TAKEN AS A BEARER TOKEN beside any other key. ${way}`;
}
