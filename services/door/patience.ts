import { setTimeout as sleep } from 'node:timers/promises';

/** A failure that may pass by itself; `afterMs` is how long the service asked to wait. */
export class TransientError extends Error {
  readonly afterMs: number | undefined;

  constructor(message: string, afterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.afterMs = afterMs;
  }
}

export interface RetryOptions {
  /** How often to try altogether. */
  readonly attempts: number;
  /** The first pause; it doubles each time. */
  readonly pauseMs: number;
  /** No pause is longer. A service that asks for more is not asked again: the error is the caller's at once. */
  readonly longestPauseMs: number;
  readonly onRetry?: (error: TransientError, attempt: number, pauseMs: number) => void;
}

/** Runs `work` again after a {@link TransientError}; any other error, and the last, is the caller's. */
export async function retry<Result>(
  options: RetryOptions,
  work: (attempt: number) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof TransientError) || attempt >= options.attempts) throw error;
      if ((error.afterMs ?? 0) > options.longestPauseMs) throw error;
      const pause = error.afterMs ?? Math.min(options.pauseMs * 2 ** (attempt - 1), options.longestPauseMs);
      options.onRetry?.(error, attempt, pause);
      await sleep(pause);
    }
  }
}

/** `retry-after` in milliseconds: a number of seconds or a date. */
function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Supabase's status of a paused project: it stays until a person restores it. */
export const pausedStatus = 540;

/** A status that may pass by itself. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== pausedStatus);
}

/** A service's word that it was asked too often. */
export interface RateLimit {
  /** How long it wants to be left alone; absent when it does not say. */
  readonly afterMs?: number;
}

/**
 * Whether an answer is a rate limit: a 429, or the 403 by which GitHub says the same with `retry-after` or with none of
 * its requests remaining. The request was not acted on, so a write may be sent again, too.
 */
export function rateLimitOf(status: number, headers: Headers, now = Date.now()): RateLimit | undefined {
  if (status !== 429 && status !== 403) return undefined;
  const asked = retryAfterMs(headers.get('retry-after'), now);
  if (asked !== undefined) return { afterMs: asked };
  const exhausted = headers.get('x-ratelimit-remaining') === '0';
  if (!exhausted) return status === 429 ? {} : undefined;
  const reset = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000; // seconds since 1970, in UTC
  return reset > 0 ? { afterMs: Math.max(0, reset - now) } : {};
}
