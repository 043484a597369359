import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployOfHost, type ServedDeploy } from '../netlify/index.ts';
import type { Service } from '../../server/service.ts';
import { unpackFunction } from './functions.ts';
import { redirectsIn } from './redirects.ts';
import { siteService, type DeployedSite } from './site.ts';

/** Writes a deploy's files and unpacks its functions, once a deploy. */
async function materialise(
  stateDir: string,
  { deploy, file, functionBundle }: ServedDeploy,
): Promise<Omit<DeployedSite, 'network'>> {
  const all = join(stateDir, 'netlify-served');
  mkdirSync(all, { recursive: true });
  const folder = mkdtempSync(join(all, `${deploy.id}-`));
  const files: Record<string, string> = {};
  for (const path of Object.keys(deploy.files)) {
    const bytes = file(path);
    if (bytes === undefined) continue;
    const target = join(folder, 'files', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    files[path.startsWith('/') ? path : `/${path}`] = target;
  }
  const functions = await Promise.all(
    Object.keys(deploy.functions).flatMap((name) => {
      const bundle = functionBundle(name);
      if (bundle === undefined) return [];
      const target = join(folder, 'functions', name);
      mkdirSync(target, { recursive: true });
      return [unpackFunction(name, bundle, target)];
    }),
  );
  const { id, context, environment, published_at } = deploy;
  const { '/netlify.toml': configuration, ...served } = files; // it comes with the deploy and is not published
  const redirects = redirectsIn(configuration === undefined ? '' : readFileSync(configuration, 'utf8'));
  return { id, context, published: published_at !== undefined, files: served, functions, redirects, environment };
}

/**
 * Serves every ready deploy of the Netlify stand-in under its own host names, with the environment of its context.
 * `network` is added to what its functions find: how they reach services whose real names are played elsewhere.
 */
export function createHosting(
  stateDir: string,
  network: () => Promise<Readonly<Record<string, string>>> = () => Promise.resolve({}),
): Service {
  const known = new Map<string, ReturnType<typeof materialise>>();
  return {
    name: 'hosting',
    async handle(request) {
      const host = (request.headers.host ?? '').split(':')[0] ?? '';
      const served = deployOfHost(stateDir, host);
      if (!served) return { status: 404, body: 'Not Found - Request ID: sandbox' };
      let site = known.get(served.deploy.id);
      if (!site) {
        site = materialise(stateDir, served);
        known.set(served.deploy.id, site);
        site.catch(() => known.delete(served.deploy.id)); // the next request tries again
      }
      const ready = { ...(await site), network: await network() };
      return siteService(() => ready).handle(request);
    },
  };
}
