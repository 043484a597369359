import type { ServiceRequest } from '../../server/service.ts';
import { signature } from './apps/signature.ts';
import { ApiError } from './call.ts';
import { notAccessible } from './apps/permissions.ts';
import type { GitHubState, Token } from './records.ts';

const hour = 3_600_000;

/** Requests per hour and token. */
export const hourlyLimit = 5000;

/** The caller's token, or an app's signature; 401 when it is missing, unknown or over, 403 when it may only read and the request writes. */
export function authenticate(request: ServiceRequest, state: GitHubState): Token {
  const given = /^(?:bearer|token) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw new ApiError(401, 'Requires authentication');
  const signed = signature(given, state);
  if (signed) return signed;
  const token = state.tokens.find((candidate) => candidate.token === given);
  const isOver = token?.expiresAt !== undefined && Date.parse(token.expiresAt) <= Date.now();
  if (!token || isOver) throw new ApiError(401, 'Bad credentials');
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  if (writes && token.access === 'read') throw new ApiError(403, notAccessible(token));
  return token;
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
