declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

/** Tells what this deploy reads, public values only: the one proof of the context that Netlify gave it. */
export default function runtimeConfig(): Response {
  const { env } = process;
  const missing = ['SUPABASE_URL', 'SUPABASE_ANON_KEY', 'DEFAULT_ORGANIZATION_ID'].filter((name) => !env[name]);
  if (missing.length > 0) {
    return Response.json({ error: `not configured in this deploy context: ${missing.join(', ')}` }, { status: 500 });
  }
  return Response.json(
    {
      runtimeEnv: env.RUNTIME_ENV ?? 'unknown',
      supabaseUrl: env.SUPABASE_URL,
      supabaseAnonKey: env.SUPABASE_ANON_KEY,
      defaultOrganizationId: env.DEFAULT_ORGANIZATION_ID,
      agentActionsDisabled: env.AGENT_ACTIONS_DISABLED === 'true',
    },
    { headers: { 'cache-control': 'no-store' } },
  );
}

export const config = { path: '/api/runtime-config' };
