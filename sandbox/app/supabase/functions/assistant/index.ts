import { neededSecret, secret } from '../_shared/environment.ts';
import { isStopped } from '../_shared/killSwitch.ts';

Deno.serve(() => {
  if (isStopped()) return Response.json({ stopped: true }, { status: 403 });
  const key = neededSecret('OPENAI_API_KEY');
  const organization = secret('DEFAULT_ORGANIZATION_ID');
  return Response.json({ ready: key !== '' && organization !== undefined, project: neededSecret('SUPABASE_URL') });
});
