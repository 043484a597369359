import type { ServiceReply, ServiceRequest } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import { accountRoutes } from './accounts.ts';
import { ApiError, notFound } from './apiError.ts';
import { buildRoutes } from './deploys/builds.ts';
import type { Call, Route } from './call.ts';
import { deployRoutes } from './deploys/deploys.ts';
import { environmentRoutes } from './environment/environment.ts';
import { publishingRoutes } from './deploys/publishing.ts';
import type { RateLimit } from './rateLimit.ts';
import { siteRoutes } from './sites.ts';
import type { NetlifyState } from './state.ts';
import { uploadRoutes } from './deploys/uploads.ts';

/** All routes; the first match wins, so literal paths stand before placeholders. */
const routes = [
  ...accountRoutes,
  ...environmentRoutes,
  ...publishingRoutes,
  ...deployRoutes,
  ...uploadRoutes,
  ...buildRoutes,
  ...siteRoutes,
].map((route) => ({
  ...route,
  pattern: new RegExp(
    `^/api/v1${route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${name === 'path' ? '.+' : '[^/]+'})`)}/?$`,
  ),
}));

export interface RouterContext {
  readonly store: Store<NetlifyState>;
  readonly filesDir: string;
  readonly rateLimit: RateLimit;
}

/** Finds the route of a request, checks its token, and turns refusals into the vendor's shape. */
export function route(context: RouterContext, request: ServiceRequest): ServiceReply {
  // The extensions host, which the CLI asks as well: a site without extensions.
  if (!request.path.startsWith('/api/v1/')) return { status: 200, body: [] };
  let headers: Record<string, string> = {};
  try {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const access = accessOf(context.store.state, token);
    const rate = context.rateLimit.take(token);
    headers = rate.headers;
    if (rate.exceeded) throw new ApiError(429, 'Too Many Requests');
    const { handle, params } = find(request);
    if (access === 'readOnly' && request.method !== 'GET') throw new ApiError(401, 'Unauthorized');
    const reply = handle(call(context, request, params));
    return { ...reply, headers: { ...headers, ...reply.headers } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...error.reply, headers };
  }
}

function accessOf({ tokens }: NetlifyState, token: string): 'admin' | 'readOnly' {
  if (token === tokens.admin) return 'admin';
  if (token === tokens.readOnly) return 'readOnly';
  throw new ApiError(401, 'Access Denied');
}

function find(request: ServiceRequest): { handle: Route['handle']; params: Record<string, string> } {
  for (const { method, pattern, handle } of routes) {
    if (method !== request.method) continue;
    const groups = pattern.exec(request.path)?.groups;
    if (!groups && !pattern.test(request.path)) continue;
    const params = Object.entries(groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { handle, params: Object.fromEntries(params) as Record<string, string> };
  }
  throw notFound();
}

function call(context: RouterContext, request: ServiceRequest, params: Record<string, string>): Call {
  const { store, filesDir } = context;
  const user = store.state.users[0];
  if (!user) throw new Error('the state has no user');
  return { request, params, query: request.query, store, user, filesDir };
}
