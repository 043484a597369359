import { setTimeout as sleep } from 'node:timers/promises';

/** A vendor's API answered with an error, or not at all. Names the call and the fix; never a header or a body. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** One vendor's API: where it is, how to sign in, and what its errors mean to the person who runs the command. */
export interface Api {
  /** As in messages: `Netlify`. */
  readonly vendor: string;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to do about a 401 or 403. */
  readonly accessFix: string;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Milliseconds for each try. Default 15 000, or what `STAGING_REQUEST_TIMEOUT` says. */
  readonly timeoutMs?: number;
}

/** An answer with its headers (for paging). */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

const tries = 4;

/** Milliseconds that one try of a request may take: `STAGING_REQUEST_TIMEOUT` in seconds (a slow line), else `preset`. */
export function requestTimeoutMs(preset: number, env: NodeJS.ProcessEnv = process.env): number {
  const seconds = Number(env.STAGING_REQUEST_TIMEOUT);
  return seconds > 0 ? seconds * 1000 : preset;
}

/**
 * Calls an API. Reads (GET) are tried again on 429, 5xx, a reset and a time-out, with growing pauses or the server's
 * `retry-after`; writes only on 429, which the server did not act on. Throws a {@link ServiceError}.
 */
export async function call(api: Api, request: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(api, request);
    if ('json' in outcome) return outcome;
    const mayRepeat = outcome.status === 429 || ((request.method ?? 'GET') === 'GET' && isTransient(outcome.status));
    if (!mayRepeat || attempt === tries) throw errorOf(api, request, outcome);
    await sleep(outcome.retryAfterMs ?? 250 * 2 ** attempt);
  }
}

interface Failure {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs?: number;
}

function isTransient(status: number): boolean {
  return status === 0 || status >= 500;
}

async function once(
  api: Api,
  { method = 'GET', path, query, body, timeoutMs = requestTimeoutMs(15_000) }: Call,
): Promise<Answer | Failure> {
  const url = new URL(api.baseUrl.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...api.headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    const text = await response.text();
    if (!response.ok) {
      const after = Number(response.headers.get('retry-after'));
      return {
        status: response.status,
        reason: response.statusText,
        ...(after > 0 && { retryAfterMs: Math.min(after, 60) * 1000 }),
      };
    }
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
  } catch (error) {
    return { status: 0, reason: reasonOf(error, timeoutMs) };
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  if (name === 'SyntaxError') return 'the answer is not JSON';
  return cause?.code === undefined ? 'connection failed' : `connection failed (${cause.code})`;
}

function errorOf(api: Api, { method = 'GET', path }: Call, { status, reason }: Failure): ServiceError {
  const what = `${api.vendor} ${method} ${path}: ${status === 0 ? reason : `${status} ${reason}`.trim()}`;
  const fix =
    status === 401 || status === 403
      ? api.accessFix
      : status === 404
        ? 'Check the names in Pulumi.staging.yaml, and that the token may see them.'
        : status === 429
          ? 'The rate limit is reached: wait a minute, then run it again.'
          : 'Run it again; if it stays, look at the vendor’s status page.';
  return new ServiceError(`${what}. ${fix}`, status);
}

/** Refuses an address of Supabase to which a key would go in the clear: without TLS, and not this machine itself. */
export function requireTls(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && hostname !== '127.0.0.1' && hostname !== 'localhost') {
    throw new ServiceError('The address of Supabase is not https: the service-role key is not sent in the clear.', 0);
  }
}
