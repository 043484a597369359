import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, type Incoming } from './door.ts';
import { DoorError } from './doorError.ts';
import { isTransientStatus, rateLimitOf, TransientError } from './patience.ts';

export interface SdkFetchOptions {
  /** Milliseconds for each try. */
  readonly timeoutMs: number;
  /** How often each request is tried: more than once only for requests that may all be repeated. */
  readonly attempts: number;
  /**
   * Told why a request has no answer of use: a {@link TransientError} for what may pass by itself, else the
   * {@link DoorError}. The SDK itself gets an answer of status 500 then, for it would hide or repeat an exception.
   */
  readonly onTrouble: (error: TransientError | DoorError) => void;
}

const longestPauseMs = 60_000;

/** The door as a `fetch` for a vendor's SDK that takes one, and whose vendor answers in JSON alone. */
export function sdkFetch({ timeoutMs, attempts, onTrouble }: SdkFetchOptions): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(request, body, timeoutMs);
      if (outcome instanceof Response) return outcome;
      const afterMs = outcome instanceof TransientError ? (outcome.afterMs ?? 250 * 2 ** attempt) : Infinity;
      if (attempt === attempts || afterMs > longestPauseMs) {
        onTrouble(outcome);
        return Response.json({ message: outcome.message }, { status: 500 });
      }
      await sleep(afterMs);
    }
  };
}

async function once(request: Request, body: Uint8Array<ArrayBuffer> | undefined, timeoutMs: number) {
  const { url, method, headers, signal } = request;
  try {
    return answerOf(await exchange({ url, method, headers, ...(body && { body }), timeoutMs, signal }));
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    return error.mayPass ? new TransientError(error.message, undefined, { cause: error }) : error;
  }
}

function answerOf({ status, statusText, headers, body }: Incoming): Response | TransientError {
  const limit = rateLimitOf(status, headers);
  if (limit || isTransientStatus(status)) {
    return new TransientError(`status ${status}`, (limit ?? rateLimitOf(429, headers))?.afterMs);
  }
  const empty = status === 204 || status === 205 || status === 304;
  if (!empty && body.length > 0 && !isJson(body)) {
    // Of a proxy or a sign-in page: an SDK would take its text for the vendor's words.
    return status < 300
      ? new TransientError('the answer is not JSON: a proxy or a sign-in page may answer in its place')
      : Response.json({ message: statusText }, { status, statusText });
  }
  return new Response(empty ? null : body, { status, statusText, headers });
}

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}
