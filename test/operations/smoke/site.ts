import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { unpackFunction } from '../../../sandbox/hosting/functions.ts';
import type { DeployedSite } from '../../../sandbox/hosting/site.ts';

/** A page without a build: sign-in and dashboard as the smoke test looks for them, on Supabase's bare HTTP. */
const page = (script: string) => `<!doctype html><html><body><main id="app"></main>
<script type="module" src="/${script}"></script></body></html>`;

const script = (url: string, key: string) => `
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

const runtimeConfig = `
export default () => Response.json({
  runtimeEnv: process.env.RUNTIME_ENV ?? 'unknown',
  supabaseUrl: process.env.SUPABASE_URL,
  supabaseAnonKey: process.env.SUPABASE_ANON_KEY,
  defaultOrganizationId: process.env.DEFAULT_ORGANIZATION_ID,
  agentActionsDisabled: process.env.AGENT_ACTIONS_DISABLED === 'true',
});
export const config = { path: '/api/runtime-config' };`;

/** A deploy of that page, and of the function as Netlify's command line packs it. */
export async function makeSite(environment: Readonly<Record<string, string>>): Promise<DeployedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const save = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'function'));
  const archive = Buffer.from(zipSync({ 'runtime-config.mjs': strToU8(runtimeConfig) }));
  return {
    id: 'd1',
    context: 'branch-deploy',
    published: false,
    files: {
      '/index.html': save('index.html', page('app.js')),
      '/app.js': save('app.js', script(environment.SUPABASE_URL ?? '', environment.SUPABASE_ANON_KEY ?? '')),
    },
    functions: [await unpackFunction('runtime-config', archive, join(folder, 'function'))],
    environment,
  };
}
