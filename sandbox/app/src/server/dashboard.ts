import { firstSet } from './environment.ts';

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

/** The dashboard's numbers, as the database gives them to the caller: it decides by the caller's own token. */
export async function answerDashboard(request: Request): Promise<Response> {
  if (request.method !== 'GET') return json({ error: 'Method not allowed' }, 405);
  const authorization = request.headers.get('authorization') ?? '';
  if (!authorization.toLowerCase().startsWith('bearer ')) return json({ error: 'Sign in first' }, 401);
  const url = firstSet('SUPABASE_URL', 'SUPABASE_DATABASE_URL', 'VITE_SUPABASE_URL') ?? '';
  const apikey = firstSet('SUPABASE_ANON_KEY', 'VITE_SUPABASE_ANON_KEY') ?? '';
  const answer = await fetch(`${url.replace(/\/$/, '')}/rest/v1/rpc/get_dashboard_data`, {
    method: 'POST',
    headers: { apikey, authorization, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) return json({ error: 'The dashboard cannot be read' }, answer.status);
  return json(await answer.json());
}
