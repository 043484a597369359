import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';

/** The smallest application that staging's smoke test knows: a page without a build, and the function that tells its environment. */

export const indexHtml = `<!doctype html><html><body><main id="app"></main>
<script type="module" src="/app.js"></script></body></html>`;

/** Sign-in and dashboard on Supabase's bare HTTP. */
export const appScript = (url: string, key: string) => `
const url = ${JSON.stringify(url)}, key = ${JSON.stringify(key)};
const app = document.querySelector('#app');
app.innerHTML = '<form><input type=email><input type=password><button type=submit>Go</button></form>';
app.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const [email, password] = [...app.querySelectorAll('input')].map((input) => input.value);
  const headers = { apikey: key, 'content-type': 'application/json' };
  const session = await fetch(url + '/auth/v1/token?grant_type=password', { method: 'POST', headers, body: JSON.stringify({ email, password }) }).then((r) => r.json());
  const config = await fetch('/api/runtime-config').then((r) => r.json());
  const rows = await fetch(url + '/rest/v1/agent_runtime_config?select=config_key', { headers: { ...headers, authorization: 'Bearer ' + session.access_token } }).then((r) => r.json());
  app.innerHTML = '<section data-testid=dashboard>' + config.runtimeEnv + rows.map((row) => '<p data-testid=dashboard-item>' + row.config_key + '</p>').join('') + '</section>';
});`;

/** The same, but it never comes to a dashboard. */
export const brokenScript = (url: string, key: string) => `throw new Error('broken on purpose');${appScript(url, key)}`;

const runtimeConfig = `
export default () => Response.json({
  runtimeEnv: process.env.RUNTIME_ENV ?? 'unknown',
  supabaseUrl: process.env.SUPABASE_URL,
  supabaseAnonKey: process.env.SUPABASE_ANON_KEY,
  defaultOrganizationId: process.env.DEFAULT_ORGANIZATION_ID,
  agentActionsDisabled: process.env.AGENT_ACTIONS_DISABLED === 'true',
});
export const config = { path: '/api/runtime-config' };`;

/** The function as Netlify's command line packs it. */
export const functionArchive = () => Buffer.from(zipSync({ 'runtime-config.mjs': strToU8(runtimeConfig) }));

/** A Netlify API with a token, and the site to deploy to. */
export interface DeployTarget {
  readonly apiUrl: string;
  readonly token: string;
  readonly siteId: string;
}

/** Deploys the application with this script to a branch, as Netlify's command line does; yields the deploy's id. */
export async function upload({ apiUrl, token, siteId }: DeployTarget, branch: string, script: string): Promise<string> {
  const send = async (method: string, path: string, body: string | Buffer, type = 'application/octet-stream') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(`${apiUrl}/api/v1${path}`, { method, headers, body: bytes });
    return (await response.json()) as { id: string; required: string[]; required_functions: string[] };
  };
  const files: Readonly<Record<string, string>> = { '/index.html': indexHtml, '/app.js': script };
  const archive = functionArchive();
  const digest = (kind: string, content: string | Buffer) => createHash(kind).update(content).digest('hex');
  const parts = {
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, digest('sha1', text)])),
    functions: { 'runtime-config': digest('sha256', archive) },
  };
  const { id } = await send('POST', `/sites/${siteId}/deploys`, JSON.stringify({ branch }), 'application/json');
  const wanted = await send('PUT', `/sites/${siteId}/deploys/${id}`, JSON.stringify(parts), 'application/json');
  for (const [path, text] of Object.entries(files)) {
    if (wanted.required.includes(digest('sha1', text))) await send('PUT', `/deploys/${id}/files${path}`, text);
  }
  if (wanted.required_functions.length > 0) {
    await send('PUT', `/deploys/${id}/functions/runtime-config?runtime=js`, archive);
  }
  return id;
}
