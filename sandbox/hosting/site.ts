import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Service, ServiceReply, ServiceRequest } from '../server/service.ts';
import { callFunction, type DeployedFunction } from './functions.ts';

/** A deploy as its URL serves it. */
export interface DeployedSite {
  readonly id: string;
  readonly context: string;
  readonly published: boolean;
  /** The file on disk of each path (`/index.html`). */
  readonly files: Readonly<Record<string, string>>;
  readonly functions: readonly DeployedFunction[];
  /** What its functions find in their environment: fixed when the deploy was made, as Netlify does. */
  readonly environment: Readonly<Record<string, string>>;
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

/** Serves a deploy: functions by their path, files by theirs, and the single-page app's document for the rest. */
export function siteService(site: () => DeployedSite | undefined): Service {
  return {
    name: 'hosting',
    async handle(request: ServiceRequest) {
      const deployed = site();
      if (!deployed) return { status: 404, body: 'Not Found' };
      const { id, context, published } = deployed;
      const called = deployed.functions.find(
        ({ name, paths }) => paths.includes(request.path) || request.path === `/.netlify/functions/${name}`,
      );
      const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
      if (called) return callFunction(called, request, origin, deployed.environment, { id, context, published });
      const path = decodeURIComponent(request.path);
      for (const candidate of [path, `${path.replace(/\/$/, '')}/index.html`]) {
        const file = deployed.files[candidate];
        if (file !== undefined) return fileReply(candidate, file);
      }
      const document = deployed.files['/index.html'];
      return document === undefined ? { status: 404, body: 'Not Found' } : fileReply('/index.html', document);
    },
  };
}
