import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildApplication } from '../../../sandbox/application/buildApplication.ts';
import { layApplication, type ApplicationState } from '../../../sandbox/application/layApplication.ts';
import { unpackFunction } from '../../../sandbox/standIns/hosting/functions.ts';
import { redirectsIn } from '../../../sandbox/standIns/hosting/redirects.ts';
import type { DeployedSite } from '../../../sandbox/standIns/hosting/site.ts';

/** A deploy of the twin, and of its functions as Netlify's command line packs them. */
export async function makeSite(
  environment: Readonly<Record<string, string>>,
  state: ApplicationState = 'playbook',
): Promise<DeployedSite> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'));
  const source = join(folder, 'application');
  layApplication(state, source);
  const built = await buildApplication(source);
  const files = Object.entries(built.files).map(([path, bytes]) => {
    const file = join(folder, 'files', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return [path, file] as const;
  });
  const functions = Object.entries(built.functions).map(([name, archive]) => {
    mkdirSync(join(folder, name));
    return unpackFunction(name, archive, join(folder, name));
  });
  return {
    id: 'd1',
    context: 'branch-deploy',
    published: false,
    files: Object.fromEntries(files.filter(([path]) => path !== '/netlify.toml')),
    functions: await Promise.all(functions),
    redirects: redirectsIn(built.files['/netlify.toml']?.toString() ?? ''),
    environment,
  };
}
