import { isLoopback, isSafeTransport, uncheckedCertificates } from '../../machine/safeTransport.ts';
import { DoorError } from './doorError.ts';
import { proxyAdvice, useProxyOfEnvironment } from './proxy.ts';

/** One request, as it goes out. */
export interface Outgoing {
  readonly url: string | URL;
  /** Default `GET`. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Milliseconds for the whole answer, body included. */
  readonly timeoutMs: number;
  /** Milliseconds until each answer begins. Default: what is left of `timeoutMs`. */
  readonly answerMs?: number;
  /** Bytes that the answer may have, unpacked. Default 16 MiB. */
  readonly limitBytes?: number;
  /** Follows redirects. Refused all the same with a body, or with a header that could be a credential. Default false. */
  readonly follow?: boolean;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** A whole answer of any status but a redirect. */
export interface Incoming {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** No answer that this project asks for comes near it. */
const defaultLimitBytes = 16 * 1024 * 1024;
const longestChain = 5;
/** Headers that hold no credential whoever sends them. Every other one might. */
const harmlessHeaders: ReadonlySet<string> = new Set(['accept', 'accept-language', 'cache-control', 'user-agent']);

/**
 * The one way out of this project: one request, one whole answer, tried once. Goes nowhere without TLS but to this
 * machine itself, follows no redirect with a credential, waits no longer and reads no more than it may, and uses the
 * proxy of the environment. Throws a {@link DoorError}.
 */
export async function exchange(request: Outgoing): Promise<Incoming> {
  useProxyOfEnvironment();
  const time = AbortSignal.timeout(request.timeoutMs);
  let url = new URL(request.url);
  for (let hop = 0; ; hop += 1) {
    requireSafeTransport(url);
    const response = await send(url, request, time);
    const { status } = response;
    if (status < 300 || status === 304 || status > 399) {
      const body = await wholeBody(response, request, url);
      return { status, statusText: response.statusText, headers: response.headers, body };
    }
    await response.body?.cancel().catch(() => undefined);
    const location = locationOf(response, url);
    if (!mayFollow(request) || location === undefined || hop === longestChain) throw redirected(status, location);
    url = location;
  }
}

function requireSafeTransport(url: URL): void {
  if (!isSafeTransport(url)) {
    throw new DoorError('no-tls', 'the address is not https, and nothing is sent in the clear except to this machine');
  }
  const unchecked = isLoopback(url.hostname) ? undefined : uncheckedCertificates();
  if (unchecked !== undefined) throw new DoorError('unchecked', unchecked);
}

async function send(url: URL, request: Outgoing, time: AbortSignal): Promise<Response> {
  const { method = 'GET', headers, body, signal, answerMs = request.timeoutMs } = request;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new DOMException('no answer', 'TimeoutError')), answerMs);
  try {
    return await fetch(url, {
      method,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.any([time, silence.signal, ...(signal ? [signal] : [])]),
    });
  } catch (error) {
    const timeoutMs = silence.signal.aborted ? answerMs : request.timeoutMs;
    throw broken(error, { ...request, timeoutMs }, url, 'connection failed');
  } finally {
    clearTimeout(timer);
  }
}

async function wholeBody(response: Response, request: Outgoing, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const limit = request.limitBytes ?? defaultLimitBytes;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const stream: AsyncIterable<Uint8Array> | null = response.body;
    for await (const chunk of stream ?? []) {
      length += chunk.byteLength;
      if (length > limit) throw new DoorError('too-large', `the answer is longer than ${limit / 1024 / 1024} MiB`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof DoorError) throw error;
    throw broken(error, request, url, 'connection failed half way through the answer');
  }
  return Buffer.concat(chunks);
}

function broken(error: unknown, { timeoutMs, signal }: Outgoing, url: URL, what: string): unknown {
  if (signal?.aborted) return error;
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: unknown } };
  if (name === 'TimeoutError') {
    return new DoorError('time-out', `no answer within ${timeoutMs / 1000} s`, { cause: error });
  }
  const code = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
  const advice = isLoopback(url.hostname) ? '' : `. ${proxyAdvice()}`;
  return new DoorError('connection', `${what}${code}${advice}`, { cause: error });
}

function mayFollow({ follow = false, method = 'GET', headers, body }: Outgoing): boolean {
  return (
    follow &&
    (method === 'GET' || method === 'HEAD') &&
    body === undefined &&
    [...new Headers(headers).keys()].every((name) => harmlessHeaders.has(name))
  );
}

function locationOf(response: Response, url: URL): URL | undefined {
  const location = response.headers.get('location');
  return location !== null && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
}

/** Where it leads is said by its origin alone: the rest of an address may be a secret. */
function redirected(status: number, location: URL | undefined): DoorError {
  const where = location === undefined ? 'elsewhere' : `to ${location.origin}`;
  return new DoorError('redirect', `${status}, sent on ${where}: a request with a credential does not follow`, {
    redirect: { status, location },
  });
}
