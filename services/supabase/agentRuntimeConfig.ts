import { projectTrouble } from './trouble.ts';
import { call, requireTls, ServiceError } from '../door/http.ts';
import { killSwitchTable } from '../../settings/names/killSwitchTable.ts';

/**
 * Makes the kill switch's row when there is none; a row that is there stays as it is, whatever it says. No value is
 * sent: a new row takes the table's own default, under which agents may act.
 */
export async function ensureAgentRuntimeConfig(url: string, secretKey: string): Promise<void> {
  requireTls(url);
  const api = {
    vendor: 'Supabase',
    baseUrl: `${url.replace(/\/+$/, '')}/rest/v1`,
    headers: {
      apikey: secretKey,
      // A legacy key is a JWT, and says by itself who asks; a key of the new generation is none.
      ...(!secretKey.startsWith('sb_') && { authorization: `Bearer ${secretKey}` }),
      prefer: 'resolution=ignore-duplicates,return=minimal',
    },
    accessFix:
      'SUPABASE_SECRET_KEY or SUPABASE_SERVICE_ROLE_KEY in the vault is not a key of the project at SUPABASE_URL.',
    planFix: projectTrouble,
    addressSetting: 'SUPABASE_URL',
  };
  const { table, row } = killSwitchTable;
  try {
    await call(api, {
      method: 'POST',
      path: `/${table}`,
      query: { on_conflict: 'config_key' },
      body: { config_key: row },
      audit: { action: 'ensure', writes: [{ place: table, name: row }] },
    });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    throw new ServiceError(
      `Supabase has no table ${table}: the application’s own migrations make it. Apply them, then run it again.`,
      404,
    );
  }
}
