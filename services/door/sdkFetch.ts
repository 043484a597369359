import { ask, jsonOf } from './ask.ts';
import type { Incoming } from './door.ts';
import { DoorError } from './doorError.ts';
import { TransientError } from './retry.ts';

export interface SdkFetchOptions {
  /** Milliseconds for each try. */
  readonly timeoutMs: number;
  /** How often each request is tried: more than once only for requests that may all be repeated. */
  readonly attempts: number;
  /**
   * Gets why a request has no answer of use: a {@link TransientError} for what may pass by itself, else the
   * {@link DoorError}. The SDK itself gets an answer of status 500 then, for it would hide or repeat an exception.
   */
  readonly onTrouble: (error: TransientError | DoorError) => void;
}

/** The door as a `fetch` for a vendor's SDK that takes one, and whose vendor answers in JSON alone. */
export function sdkFetch({ timeoutMs, attempts, onTrouble }: SdkFetchOptions): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { url, method, headers, signal } = request;
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const outgoing = { url, method, headers, ...(body && { body }), timeoutMs, signal };
    try {
      return await ask(outgoing, { attempts, repeatable: true }, responseOf);
    } catch (error) {
      if (!(error instanceof TransientError || error instanceof DoorError)) throw error;
      onTrouble(error);
      return Response.json({ message: error.message }, { status: 500 });
    }
  };
}

function responseOf(answer: Incoming): Response {
  const { status, statusText, headers, body } = answer;
  const empty = status === 204 || status === 205 || status === 304;
  if (empty) return new Response(null, { status, statusText, headers });
  try {
    jsonOf(answer);
  } catch (error) {
    // Of a proxy or a sign-in page: an SDK would take its text for the vendor's words.
    if (status < 300) throw error;
    return Response.json({ message: statusText }, { status, statusText });
  }
  return new Response(body, { status, statusText, headers });
}
