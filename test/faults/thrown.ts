import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SupabaseKeys } from '../../sandbox/standIns/supabase/keys.ts';
import { startSupabaseProject } from '../../sandbox/actionsRunner/supabaseProject.ts';

/** A project whose kill switch's row is on, with a user, and a deployed site that reads it. */
export interface Thrown {
  readonly keys: SupabaseKeys;
  readonly organizationId: string;
  readonly person: { readonly email: string; readonly password: string };
  readonly supabaseUrl: string;
  readonly siteUrl: string;
  close(): Promise<void>;
}

/** Starts it, in this process. */
export async function startThrown(): Promise<Thrown> {
  const project = await startSupabaseProject();
  const { keys, organizationId, user: person } = project;
  const { superuser } = await project.database();
  await superuser.query(`update agent_runtime_config set actions_disabled = true, reason = 'x'`);
  const supabaseUrl = `http://127.0.0.1:${project.port}`;
  const config = { supabaseUrl, supabaseAnonKey: keys.anonKey, defaultOrganizationId: organizationId };
  const site = await startSite(config);
  return {
    ...{ keys, organizationId, person, supabaseUrl },
    siteUrl: `http://127.0.0.1:${(site.address() as AddressInfo).port}`,
    async close() {
      site.closeAllConnections();
      site.close();
      await project.close();
    },
  };
}

/** A single-page app with one script, and the function by which it learns where it is. */
async function startSite(config: object): Promise<Server> {
  const answers: Readonly<Record<string, readonly [type: string, body: string]>> = {
    '/': ['text/html', '<!doctype html><html><body><script type="module" src="/app.js"></script></body></html>'],
    '/app.js': ['application/javascript', 'void 0;'],
    '/api/runtime-config': ['application/json', JSON.stringify(config)],
  };
  const server = createServer((message, response) => {
    const [type, body] = answers[message.url ?? ''] ?? [];
    response.writeHead(type === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  // A busy machine may leave a connection idle for longer than the preset 5 s.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
