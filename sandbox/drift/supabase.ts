import type { Injection } from './injection.ts';

/** Runs SQL as the project's owner in Supabase's own editor does. */
function sql(text: string): Injection['inject'] {
  return async ({ supabase }) => {
    await (await supabase.database()).superuser.exec(text);
  };
}

/** Writes an Edge Function secret as somebody in the dashboard does; removes it with `undefined`. */
function functionSecret(name: string, value: string | undefined): Injection['inject'] {
  return ({ supabaseManagement: { store } }) =>
    store.update((state) => {
      // A little later than the update.
      const updatedAt = new Date(Date.now() + 3000).toISOString();
      const others = Object.entries(state.secrets ?? {}).filter(([each]) => each !== name);
      const own = value === undefined ? [] : [[name, { value, updatedAt }] as const];
      state.secrets = Object.fromEntries([...others, ...own]);
    });
}

/** What people do in Supabase. */
export const supabaseInjections: Readonly<Record<string, Injection>> = {
  'edge-secret-missing': {
    title: 'delete the Edge Function secret OPENAI_API_KEY',
    touches: ['edge/OPENAI_API_KEY'],
    inject: functionSecret('OPENAI_API_KEY', undefined),
  },
  'edge-secret-changed': {
    title: 'change the Edge Function secret DEFAULT_ORGANIZATION_ID',
    touches: ['edge/DEFAULT_ORGANIZATION_ID'],
    inject: functionSecret('DEFAULT_ORGANIZATION_ID', 'another one'),
  },
  'edge-secret-undeclared': {
    title: 'add the Edge Function secret LEFTOVER',
    touches: ['edge/LEFTOVER'],
    inject: functionSecret('LEFTOVER', 'of nobody'),
  },
  'kill-switch-on': {
    title: 'disable agents in the database',
    touches: ['agent_runtime_config'],
    inject: sql("update agent_runtime_config set actions_disabled = true where config_key = 'global'"),
  },
  'kill-switch-missing': {
    title: 'delete the row of the kill switch',
    touches: ['agent_runtime_config'],
    inject: sql("delete from agent_runtime_config where config_key = 'global'"),
  },
};
