import type { ServiceRequest } from '../../server/service.ts';
import { ApiError } from './call.ts';
import type { Handler } from './call.ts';
import type { Routes } from './router.ts';
import type { GitHubState, Permission, Token } from './records.ts';

const hour = 3_600_000;

/** Requests per hour and token. */
export const hourlyLimit = 5000;

/** The caller's token; 401 when it is missing or unknown, 403 when it may only read and the request writes. */
export function authenticate(request: ServiceRequest, state: GitHubState): Token {
  const given = /^(?:bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw new ApiError(401, 'Requires authentication');
  const token = state.tokens.find((candidate) => candidate.token === given);
  if (!token) throw new ApiError(401, 'Bad credentials');
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  if (writes && token.access === 'read') throw new ApiError(403, notAccessible(token));
  return token;
}

/** These routes for tokens that have the permission; 403 for others, with a header that names it. */
export function permitted(permission: Permission, routes: Routes): Routes {
  const guarded = Object.entries(routes).map(([route, handler]): [string, Handler] => [
    route,
    (call) => {
      if (!call.token.lacks?.includes(permission)) return handler(call);
      const wanted = `${permission}=${call.request.method === 'GET' ? 'read' : 'write'}`;
      throw new ApiError(403, notAccessible(call.token), undefined, { 'x-accepted-github-permissions': wanted });
    },
  ]);
  return Object.fromEntries(guarded);
}

function notAccessible({ appId }: Token): string {
  return `Resource not accessible by ${appId === undefined ? 'personal access token' : 'integration'}`;
}

/** Counts requests per token and hour, in memory: a restart starts again. */
export class RateLimit {
  readonly #windows = new Map<string, { resetAt: number; used: number }>();

  /** Counts one request of `key` (an unknown caller has a key too) and says where it stands. */
  count(key: string): { readonly exceeded: boolean; readonly headers: Record<string, string> } {
    const now = Date.now();
    let window = this.#windows.get(key);
    if (!window || window.resetAt <= now) {
      window = { resetAt: now + hour, used: 0 };
      this.#windows.set(key, window);
    }
    const exceeded = window.used >= hourlyLimit;
    if (!exceeded) window.used += 1;
    return {
      exceeded,
      headers: {
        'x-ratelimit-limit': String(hourlyLimit),
        'x-ratelimit-remaining': String(hourlyLimit - window.used),
        'x-ratelimit-used': String(window.used),
        'x-ratelimit-reset': String(Math.ceil(window.resetAt / 1000)),
        'x-ratelimit-resource': 'core',
      },
    };
  }

  /** A request that GitHub answers with 304 is not counted. */
  refund(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.used > 0) window.used -= 1;
  }
}
