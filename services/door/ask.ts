import { exchange, type Incoming, type Outgoing } from './door.ts';
import { DoorError } from './doorError.ts';
import { isTransientStatus, rateLimitOf, retry, TransientError, type RetryOptions } from './retry.ts';

/** How often a request is made. */
export interface Policy extends Partial<Omit<RetryOptions, 'mayRepeat'>> {
  /**
   * Whether the request may be made twice. One that may not is tried again after a rate limit alone, which the server did
   * not act on. Default: only GET and HEAD.
   */
  readonly repeatable?: boolean;
}

/** No pause is longer: a service that asks for more is for another time, which the error names. */
export const longestPauseMs = 60_000;

/**
 * Makes a request through the door, again as its policy says (by default once), and gives each answer to `read`. What may
 * pass by itself (no connection, a reset, half an answer, the time limit, a rate limit, 408, 425, 429, 5xx, and what `read`
 * throws as such) is a {@link TransientError}; anything else that the door refuses is a {@link DoorError}.
 */
export async function ask<Result>(
  request: Outgoing,
  { repeatable = isRead(request), attempts = 1, pauseMs = 500, ...options }: Policy,
  read: (answer: Incoming) => Result,
): Promise<Result> {
  return retry(
    { attempts, pauseMs, longestPauseMs, ...options, mayRepeat: (error) => repeatable || error.isRateLimit },
    async () => read(await lasting(request)),
  );
}

/** One answer that would be the same again. */
async function lasting(request: Outgoing): Promise<Incoming> {
  const answer = await exchange(request).catch((error: unknown) => {
    if (!(error instanceof DoorError) || !error.mayPass) throw error;
    throw new TransientError(error.message, undefined, { cause: error });
  });
  const { status, headers } = answer;
  const limit = rateLimitOf(status, headers);
  if (!limit && !isTransientStatus(status)) return answer;
  throw new TransientError(`status ${status}`, (limit ?? rateLimitOf(429, headers))?.afterMs, { answer });
}

function isRead({ method = 'GET' }: Outgoing): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The text of an answer. */
export function textOf({ body }: Incoming): string {
  return new TextDecoder().decode(body);
}

/** An answer's JSON; `undefined` for an empty one. Throws a {@link TransientError} for what is none: a proxy's page, as a rule. */
export function jsonOf(answer: Incoming): unknown {
  const text = textOf(answer);
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    throw new TransientError('the answer is not JSON: a proxy or a sign-in page may answer in its place', undefined, {
      cause: error,
      answer,
    });
  }
}
