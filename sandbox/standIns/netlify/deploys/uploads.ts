import { extname } from 'node:path';
import type { ServiceReply } from '../../../server/service.ts';
import { notFound, unprocessable } from '../apiError.ts';
import { findSite, type Call, type Route } from '../call.ts';
import { findDeploy } from './deployState.ts';
import type { StoredDeploy } from './storedDeploy.ts';
import { settle } from './publishing.ts';
import { digestOf, keepUpload } from './uploadStore.ts';

/** Takes the bytes of a part that the deploy names, and settles the deploy when it was the last. */
function take(call: Call, expected: string | undefined, actual: string, body: object): ServiceReply {
  const known = findDeploy(call.store.state, call.params.deploy_id);
  if (expected === undefined) throw notFound();
  if (expected !== actual) throw unprocessable('the content does not have the digest that the deploy names');
  keepUpload(call.filesDir, expected, call.request.body);
  return call.store.update((state) => {
    const deploy = findDeploy(state, known.id);
    const runtime = call.query.get('runtime');
    if (call.params.name !== undefined && runtime !== null) deploy.function_runtimes[call.params.name] = runtime;
    return { status: 200, body, effects: settle(state, findSite(state, deploy.site_id), deploy, call.filesDir) };
  });
}

function deployOf(call: Call): StoredDeploy {
  return findDeploy(call.store.state, call.params.deploy_id);
}

function uploadFile(call: Call): ServiceReply {
  const { path = '' } = call.params;
  const sha = digestOf('file', call.request.body);
  const size = call.request.body.length;
  return take(call, deployOf(call).files[path], sha, {
    id: `/${path}`,
    path: `/${path}`,
    sha,
    mime_type: typeOf(path),
    size,
  });
}

function uploadFunction(call: Call): ServiceReply {
  const { name = '' } = call.params;
  const sha = digestOf('function', call.request.body);
  return take(call, deployOf(call).functions[name], sha, { id: name, name, sha, region: 'us-east-2' });
}

/** The digest of an edge function's code is not of the bundle's bytes: it is taken as it is. */
function uploadEdgeFunction(call: Call): ServiceReply {
  const { code_sha: code = '' } = call.params;
  const named = Object.values(deployOf(call).edge_functions).find((digest) => digest === code);
  return take(call, named, code, {});
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The content type of a published file. */
function typeOf(path: string): string {
  return types[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

export const uploadRoutes: readonly Route[] = [
  { method: 'PUT', path: '/deploys/{deploy_id}/files/{path}', handle: uploadFile },
  { method: 'PUT', path: '/deploys/{deploy_id}/functions/{name}', handle: uploadFunction },
  { method: 'PUT', path: '/deploys/{deploy_id}/edge_functions/{code_sha}', handle: uploadEdgeFunction },
];
