import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Service, ServiceReply, ServiceRequest } from '../../server/service.ts';
import { callFunction, type DeployedFunction } from './functions.ts';
import { redirected, type Redirect } from './redirects.ts';

/** A deploy as its URL serves it. */
export interface DeployedSite {
  readonly id: string;
  readonly context: string;
  readonly published: boolean;
  /** The file on disk of each path (`/index.html`). */
  readonly files: Readonly<Record<string, string>>;
  readonly functions: readonly DeployedFunction[];
  /** The rules of its netlify.toml, the first that matches wins. */
  readonly redirects: readonly Redirect[];
  /** What its functions find in their environment: fixed when the deploy was made, as Netlify does. */
  readonly environment: Readonly<Record<string, string>>;
  /** What leads its functions to the services under their real names. */
  readonly network?: Readonly<Record<string, string>>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=UTF-8',
  '.js': 'application/javascript; charset=UTF-8',
  '.mjs': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=UTF-8',
};

function fileReply(path: string, file: string): ServiceReply {
  const type = types[extname(path)] ?? 'application/octet-stream';
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: readFileSync(file) };
}

/**
 * Serves a deploy in Netlify's order: a function's own path, a file, a redirect of its netlify.toml. What none of them
 * answers is not found, as on Netlify: a single-page app answers every path by a rule of its own.
 */
export function siteService(site: () => DeployedSite | undefined): Service {
  return {
    name: 'hosting',
    handle(request: ServiceRequest) {
      const deployed = site();
      return deployed ? serve(deployed, request) : notFound;
    },
  };
}

const notFound: ServiceReply = { status: 404, body: 'Not Found' };

async function serve(deployed: DeployedSite, request: ServiceRequest): Promise<ServiceReply> {
  const path = decodeURIComponent(request.path);
  const there = await atPath(deployed, path, request);
  if (there) return there;
  const rule = redirected(deployed.redirects, path);
  if (!rule) return notFound;
  if (rule.status >= 300 && rule.status < 400) return { status: rule.status, headers: { location: rule.to } };
  const target = await atPath(deployed, rule.to, request);
  return target ? { ...target, status: rule.status === 200 ? target.status : rule.status } : notFound;
}

async function atPath(
  { id, context, published, functions, files, environment, network }: DeployedSite,
  path: string,
  request: ServiceRequest,
): Promise<ServiceReply | undefined> {
  const called = functions.find(({ name, paths }) => paths.includes(path) || path === `/.netlify/functions/${name}`);
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  if (called) return callFunction(called, request, origin, { ...environment, ...network }, { id, context, published });
  const found = [path, `${path.replace(/\/$/, '')}/index.html`].find((candidate) => files[candidate] !== undefined);
  return found === undefined ? undefined : fileReply(found, files[found] ?? '');
}
