import { neededSecret } from '../_shared/environment.ts';
import { isStopped } from '../_shared/killSwitch.ts';

Deno.serve(() => {
  if (isStopped()) return Response.json({ stopped: true }, { status: 403 });
  return Response.json({ ready: neededSecret('OPENAI_API_KEY') !== '' });
});
