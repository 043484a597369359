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
  /** No pause is longer, whatever the service asks for. */
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
      const wanted = error.afterMs ?? options.pauseMs * 2 ** (attempt - 1);
      const pause = Math.min(wanted, options.longestPauseMs);
      options.onRetry?.(error, attempt, pause);
      await sleep(pause);
    }
  }
}

/** `retry-after` in milliseconds: a number of seconds or a date. */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** A status that may pass by itself. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * `fetch` with a time limit for the whole answer, body included. What may pass by itself (no connection, a reset, half
 * an answer, the time limit, 408, 425, 429, 5xx) is a {@link TransientError}; every other answer is returned.
 */
export async function fetchWhole(
  url: string,
  timeoutMs: number,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
    const reason =
      error instanceof Error && error.name === 'TimeoutError'
        ? `no answer within ${timeoutMs / 1000} s`
        : (cause ?? (error instanceof Error ? error.message : String(error)));
    throw new TransientError(reason, undefined, { cause: error });
  }
  if (isTransientStatus(response.status)) {
    throw new TransientError(`status ${response.status}`, retryAfterMs(response.headers.get('retry-after')));
  }
  return { status: response.status, headers: response.headers, text };
}
