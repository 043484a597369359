import { call, ServiceError } from '../../services/http.ts';
import type { LiveVariable } from '../../services/netlify.ts';
import type { Settings } from '../../settings/settings.ts';
import { finding } from './finding.ts';
import type { Part } from './look.ts';

/** The agents' kill switch in the database that all environments share. Everybody may read it by the published key. */
export async function killSwitch(
  url: string | undefined,
  variables: readonly LiveVariable[],
  { netlify }: Settings,
): Promise<Part> {
  const key = variables
    .find((variable) => variable.key === 'SUPABASE_ANON_KEY')
    ?.values.find(({ context, value }) => netlify.contexts.includes(context) && value !== '')?.value;
  if (url === undefined) return notSeen('give its address (SUPABASE_URL).');
  if (key === undefined) return notSeen('its published key could not be read from Netlify (SUPABASE_ANON_KEY).');
  const api = {
    vendor: 'Supabase',
    baseUrl: `${url.replace(/\/+$/, '')}/rest/v1`,
    headers: { apikey: key, authorization: `Bearer ${key}` },
    accessFix: 'SUPABASE_ANON_KEY on Netlify is not the key of the project at SUPABASE_URL.',
  };
  const { json } = await call(api, {
    path: '/agent_runtime_config',
    query: { select: 'actions_disabled,updated_at,updated_by', config_key: 'eq.global' },
  });
  const [row] = json as readonly { actions_disabled?: boolean; updated_at?: string; updated_by?: string | null }[];
  if (!row) {
    return {
      findings: [
        finding({
          kind: 'kill-switch-missing',
          subject: 'agent_runtime_config',
          what: 'agent_runtime_config has no row "global": the kill switch cannot be thrown.',
          command: 'psql -f pipeline/supabase/migrations/20260901090000_agent_runtime_config.sql',
          note: 'Apply the migration; it adds the row and changes nothing else.',
        }),
      ],
    };
  }
  if (typeof row.actions_disabled !== 'boolean')
    throw new ServiceError('Supabase: agent_runtime_config has another form than expected.', 0);
  if (!row.actions_disabled) return { findings: [] };
  return {
    findings: [
      finding({
        kind: 'kill-switch-on',
        subject: 'agent_runtime_config',
        what: 'Agents are disabled in the database that all environments share.',
        since: row.updated_at,
        by: row.updated_by ?? undefined,
        command: 'npm run kill-switch -- restore --reason TEXT',
        note: 'Only when the incident is over: it is production’s switch too.',
      }),
    ],
  };
}

function notSeen(why: string): Part {
  return { findings: [], notChecked: [`The kill switch in the database: ${why}`], unseen: 'Supabase' };
}
