import { setTimeout as sleep } from 'node:timers/promises';
import { audited, type Act } from '../../audit/trail.ts';
import { timeLimitMs } from '../../machine/decimal.ts';
import { isSafeTransport } from '../../machine/safeTransport.ts';
import { exchange, type Incoming } from './door.ts';
import { DoorError, type Trouble } from './doorError.ts';
import { isTransientStatus, rateLimitOf } from './patience.ts';

/** What went wrong with a call: an answer of another status than wanted (`plan`: the vendor wants to be paid for it), no token to call with, the door's trouble, or an answer of no use. */
export type ServiceErrorKind = 'status' | 'no-token' | 'rate-limit' | 'plan' | 'not-json' | Trouble;

/** A vendor's API answered with an error, or not at all. Names the call and the fix; never a header or a body. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly kind: ServiceErrorKind;
  /** The `message` of the vendor's answer. Never part of this error's own message: who shows it masks what it may hold. */
  readonly vendorMessage: string | undefined;

  constructor(message: string, status: number, kind: ServiceErrorKind = 'status', vendorMessage?: string) {
    super(message);
    this.status = status;
    this.kind = kind;
    this.vendorMessage = vendorMessage;
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
  /** The variable that says where the API is: what to correct when it is elsewhere. */
  readonly addressSetting?: string;
  /** Says where the thing of a call is now and which setting to correct, from the address that a redirect names. */
  readonly moved?: (location: URL) => Promise<string | undefined>;
  /** What to do where the vendor refuses for the account's plan, not for the token; by its status and `message`. */
  readonly planFix?: (status: number, message: string) => string | undefined;
}

interface Request {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A write that may be made twice: it is tried again as reads are. */
  readonly repeatable?: boolean;
  /** Milliseconds for each try. Default 15 000, or what `STAGING_REQUEST_TIMEOUT` says. */
  readonly timeoutMs?: number;
}

/** A read. */
interface Read extends Request {
  readonly method?: 'GET';
}

/** A write, which cannot be stated without what the audit trail says of it. */
interface WritingCall extends Request {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly audit: Act;
}

export type Call = Read | WritingCall;

/** An answer with its headers (for paging). */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: unknown;
}

const tries = 4;
/** No pause is longer: a service that asks for more is for another time, which the error names. */
const longestPauseMs = 60_000;
/** A person waits without a word for no longer. */
const silentMs = 3_000;

/** Milliseconds that one try of a request may take: `STAGING_REQUEST_TIMEOUT` in seconds (a slow line), else `preset`. */
export function requestTimeoutMs(preset: number, env: NodeJS.ProcessEnv = process.env): number {
  return timeLimitMs('STAGING_REQUEST_TIMEOUT', preset, env);
}

/**
 * Calls an API. Reads (GET) are tried again on 408, 425, 429, 5xx, a reset and a time-out, with growing pauses or the
 * server's `retry-after`; writes only on a rate limit, which the server did not act on. A write stands in the audit trail
 * (docs/decisions/0022). Throws a {@link ServiceError}.
 */
export async function call(api: Api, request: Call): Promise<Answer> {
  return 'audit' in request
    ? audited(request.audit, () => exchanged(api, request), outcomeOf)
    : exchanged(api, request);
}

/** A status of 4xx is a vendor's word that it did nothing. */
export function outcomeOf(error: unknown): 'refused' | 'unknown' {
  return error instanceof ServiceError && error.status >= 400 && error.status < 500 ? 'refused' : 'unknown';
}

async function exchanged(api: Api, request: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(api, request);
    if ('json' in outcome) return outcome;
    const { kind, status, afterMs = 250 * 2 ** attempt } = outcome;
    const mayPass = kind === 'status' ? isTransientStatus(status) : passing.has(kind);
    const mayRepeat = kind === 'rate-limit' || (mayPass && (request.repeatable ?? (request.method ?? 'GET') === 'GET'));
    if (!mayRepeat || attempt === tries || afterMs > longestPauseMs) throw await errorOf(api, request, outcome);
    if (afterMs > silentMs) {
      process.stderr.write(`${api.vendor} asks for a pause: going on in ${Math.ceil(afterMs / 1000)} s …\n`);
    }
    await sleep(afterMs);
  }
}

const passing: ReadonlySet<ServiceErrorKind> = new Set(['connection', 'time-out', 'not-json']);

interface Failure {
  readonly kind: ServiceErrorKind;
  readonly status: number;
  readonly reason: string;
  readonly afterMs?: number;
  readonly location?: URL;
  /** The `message` of a JSON answer. */
  readonly vendorMessage?: string;
}

async function once(api: Api, request: Call): Promise<Answer | Failure> {
  const { method = 'GET', path, query, body, timeoutMs = requestTimeoutMs(15_000) } = request;
  const url = new URL(api.baseUrl.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  try {
    return judge(
      await exchange({
        url,
        method,
        headers: {
          accept: 'application/json',
          ...api.headers,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        timeoutMs,
      }),
    );
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    const { trouble: kind, message: reason, redirect } = error;
    const location = redirect?.location;
    return { kind, status: redirect?.status ?? 0, reason, ...(location && { location }) };
  }
}

function judge({ status, statusText, headers, body }: Incoming): Answer | Failure {
  if (status >= 200 && status < 300) {
    const text = new TextDecoder().decode(body);
    try {
      return { status, headers, json: text === '' ? undefined : JSON.parse(text) };
    } catch {
      return { kind: 'not-json', status: 0, reason: 'the answer is not JSON' };
    }
  }
  const limit = rateLimitOf(status, headers);
  const { afterMs } = limit ?? rateLimitOf(429, headers) ?? {};
  const vendorMessage = messageIn(body);
  return {
    kind: limit ? 'rate-limit' : 'status',
    status,
    reason: statusText,
    ...(afterMs !== undefined && { afterMs }),
    ...(vendorMessage !== undefined && { vendorMessage }),
  };
}

function messageIn(body: Uint8Array): string | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof json !== 'object' || json === null || !('message' in json)) return undefined;
    return typeof json.message === 'string' ? json.message : undefined;
  } catch {
    return undefined;
  }
}

async function errorOf(api: Api, request: Call, failure: Failure): Promise<ServiceError> {
  const { status, reason, vendorMessage = '' } = failure;
  const planFix = failure.kind === 'status' ? api.planFix?.(status, vendorMessage) : undefined;
  const kind = planFix === undefined ? failure.kind : 'plan';
  const said = kind === 'status' || kind === 'plan' || kind === 'rate-limit' ? `${status} ${reason}`.trim() : reason;
  const what = `${api.vendor} ${request.method ?? 'GET'} ${request.path}: ${said}`;
  return new ServiceError(`${what}. ${planFix ?? (await fixOf(api, failure))}`, status, kind, failure.vendorMessage);
}

async function fixOf(api: Api, { kind, status, afterMs, location }: Failure): Promise<string> {
  const again = 'Run it again; if it stays, look at the vendor’s status page.';
  const address = `Correct ${api.addressSetting ?? 'the address'}`;
  if (kind === 'rate-limit') return `The rate limit is reached: ${whenFree(afterMs)}, then run it again.`;
  if (kind === 'redirect') {
    const moved = location === undefined ? undefined : await api.moved?.(location).catch(() => undefined);
    return moved ?? `What it asks for has moved. ${address} or the name in Pulumi.staging.yaml.`;
  }
  if (kind === 'unchecked') return 'Nothing was sent.';
  if (kind === 'no-tls') return `${address} to one that begins with https://.`;
  if (kind === 'too-large') return `That is not what ${api.vendor} answers. ${address}, if it is another server’s.`;
  if (kind === 'not-json') return `${again} A proxy or a sign-in page may answer in its place.`;
  if (kind !== 'status') return again;
  if (status === 401 || status === 403) return api.accessFix;
  if (status === 404) return 'Check the names in Pulumi.staging.yaml, and that the token may see them.';
  if (status === 409) return 'Something else changes the same thing, or it is there already: run it again.';
  return again;
}

function whenFree(afterMs: number | undefined, now = Date.now()): string {
  if (afterMs === undefined || afterMs <= longestPauseMs) return 'wait a minute';
  return `wait until ${new Date(now + afterMs).toISOString().slice(0, 19)}Z (${Math.ceil(afterMs / 60_000)} min)`;
}

/** Refuses an address of Supabase to which a key would go in the clear: without TLS, and not this machine itself. */
export function requireTls(url: string): void {
  if (isSafeTransport(url)) return;
  throw new ServiceError(
    'The address of Supabase is not https: the service-role key is not sent in the clear.',
    0,
    'no-tls',
  );
}
