import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appScript, functionArchive, indexHtml } from '../../../sandbox/drill/application.ts';
import { unpackFunction } from '../../../sandbox/hosting/functions.ts';
import type { DeployedSite } from '../../../sandbox/hosting/site.ts';

/** A deploy of the drill's application, and of its function as Netlify's command line packs it. */
export async function makeSite(environment: Readonly<Record<string, string>>): Promise<DeployedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const save = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  mkdirSync(join(folder, 'function'));
  const script = appScript(environment.SUPABASE_URL ?? '', environment.SUPABASE_ANON_KEY ?? '');
  return {
    id: 'd1',
    context: 'branch-deploy',
    published: false,
    files: { '/index.html': save('index.html', indexHtml), '/app.js': save('app.js', script) },
    functions: [await unpackFunction('runtime-config', functionArchive(), join(folder, 'function'))],
    environment,
  };
}
