import type { RuntimeConfig } from '../server/runtimeConfig.ts';

let loading: Promise<RuntimeConfig> | undefined;

async function load(): Promise<RuntimeConfig> {
  const answer = await fetch('/api/runtime-config', { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok) throw new Error(`the configuration answers ${answer.status}`);
  const config = (await answer.json()) as RuntimeConfig;
  if (!config.supabaseUrl || !config.supabaseAnonKey || !config.defaultOrganizationId) {
    throw new Error('the configuration is not whole');
  }
  return config;
}

/** Asked once a page; a failure is asked again by the next caller. */
export function runtimeConfig(): Promise<RuntimeConfig> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
