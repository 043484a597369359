import type { Injection } from './injection.ts';

/** Runs SQL as the project's owner in Supabase's own editor does. */
function sql(text: string): Injection['inject'] {
  return async ({ supabase }) => {
    await (await supabase.database()).superuser.exec(text);
  };
}

/** What people do in Supabase. */
export const supabaseInjections: Readonly<Record<string, Injection>> = {
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
