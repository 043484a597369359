import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming } from './door.ts';

/** A failure that may pass by itself. */
export class TransientError extends Error {
  /** Milliseconds that the service asked to wait. */
  readonly afterMs: number | undefined;
  /** The answer that failed; absent where there was none. */
  readonly answer: Incoming | undefined;

  constructor(message: string, afterMs?: number, options?: ErrorOptions & { readonly answer?: Incoming }) {
    super(message, options);
    this.afterMs = afterMs;
    this.answer = options?.answer;
  }

  /** Whether the service refused for being asked too often: it did not act on the request. */
  get isRateLimit(): boolean {
    return this.answer !== undefined && rateLimitOf(this.answer.status, this.answer.headers) !== undefined;
  }
}

export interface RetryOptions {
  /** How often to try altogether. */
  readonly attempts: number;
  /** The first pause; it doubles each time. */
  readonly pauseMs: number;
  /** No pause is longer. A service that asks for more is not asked again: the error is the caller's at once. */
  readonly longestPauseMs: number;
  /** A service that asks for more is asked again after the longest pause all the same: it is expected to come up. */
  readonly comesUp?: boolean;
  /** Milliseconds after which no further try begins. Default: no such limit. */
  readonly totalMs?: number;
  /** Whether a failure is tried again. Default: each {@link TransientError}. */
  readonly mayRepeat?: (error: TransientError) => boolean;
  readonly onRetry?: (error: TransientError, attempt: number, pauseMs: number) => void;
}

/** Runs `work` again after a {@link TransientError}; any other error, and the last, is the caller's. */
export async function retry<Result>(
  {
    attempts,
    pauseMs,
    longestPauseMs,
    comesUp = false,
    totalMs = Infinity,
    mayRepeat = () => true,
    onRetry,
  }: RetryOptions,
  work: (attempt: number) => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + totalMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!(error instanceof TransientError) || attempt >= attempts || !mayRepeat(error)) throw error;
      const asked = error.afterMs ?? pauseMs * 2 ** (attempt - 1);
      const pause = comesUp || error.afterMs === undefined ? Math.min(asked, longestPauseMs) : asked;
      if (pause > longestPauseMs || Date.now() + pause >= deadline) throw error;
      onRetry?.(error, attempt, pause);
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
