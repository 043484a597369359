import { exchange } from './door.ts';
import { DoorError } from './doorError.ts';
import { isTransientStatus, rateLimitOf, TransientError } from './patience.ts';

export { isTransientStatus, retry, TransientError } from './patience.ts';

/**
 * One request through the door, with a time limit for the whole answer, body included. What may pass by itself (no
 * connection, a reset, half an answer, the time limit, a rate limit, 408, 425, 429, 5xx) is a {@link TransientError};
 * every other answer is returned. A redirect is followed only by a request that holds no credential.
 */
export async function fetchWhole(
  url: string,
  timeoutMs: number,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const answer = await exchange({ url, timeoutMs, follow: true, ...init }).catch((error: unknown) => {
    if (!(error instanceof DoorError) || !error.mayPass) throw error;
    throw new TransientError(error.message, undefined, { cause: error });
  });
  const { status, headers } = answer;
  const limit = rateLimitOf(status, headers);
  if (limit || isTransientStatus(status)) {
    throw new TransientError(`status ${status}`, (limit ?? rateLimitOf(429, headers))?.afterMs);
  }
  return { status, headers, text: new TextDecoder().decode(answer.body) };
}
