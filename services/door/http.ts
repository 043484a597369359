import type { z } from 'zod';
import { audited, type Act } from '../../audit/trail.ts';
import { timeLimitMs } from '../../machine/decimal.ts';
import { isSafeTransport } from '../../machine/safeTransport.ts';
import { ask, jsonOf } from './ask.ts';
import type { Incoming } from './door.ts';
import type { TransientError } from './retry.ts';
import { isCallFailure, OtherForm, Refused, ServiceError, serviceError, type Advice } from './serviceError.ts';

export { isAnswer, ServiceError, type ServiceErrorKind } from './serviceError.ts';

/** One vendor's API: where it is, how to sign in, and what its errors mean. */
export interface Api extends Advice {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
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
  readonly method?: 'GET' | 'HEAD';
}

/** A write, which cannot be stated without what the audit trail says of it. */
interface WritingCall extends Request {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly audit: Act;
  /** What the trail says afterwards, where only the answer tells what was written. */
  readonly auditAfter?: (answer: unknown) => Act;
}

export type Call = Read | WritingCall;

/** An answer of the wanted form, with its headers. */
export interface Answer<Data> {
  readonly headers: Headers;
  readonly data: Data;
}

const attempts = 4;
/** A person waits without a word for no longer. */
const silentMs = 3_000;

/** Milliseconds that one try of a request may take: `STAGING_REQUEST_TIMEOUT` in seconds (a slow line), else `preset`. */
export function requestTimeoutMs(preset: number, env: NodeJS.ProcessEnv = process.env): number {
  return timeLimitMs('STAGING_REQUEST_TIMEOUT', preset, env);
}

/**
 * Calls an API. Reads (GET) are tried again on 408, 425, 429, 5xx, a reset and a time-out, with growing pauses or the
 * server's `retry-after`; writes only on a rate limit, which the server did not act on. A write stands in the audit trail
 * (docs/decisions/0022). The answer must have the form `answer`; without one nothing of it is used. Throws a
 * {@link ServiceError}.
 */
export async function call(api: Api, request: Call): Promise<Answer<undefined>>;
export async function call<Data>(api: Api, request: Call, answer: z.ZodType<Data>): Promise<Answer<Data>>;
export async function call(api: Api, request: Call, answer?: z.ZodType): Promise<Answer<unknown>> {
  const made = () => exchanged(api, request, answer);
  if (!('audit' in request)) return made();
  const { audit, auditAfter = () => audit } = request;
  return audited(audit, made, outcomeOf, ({ data }) => auditAfter(data));
}

/** A status of 4xx is a vendor's word that it did nothing. */
export function outcomeOf(error: unknown): 'refused' | 'unknown' {
  return error instanceof ServiceError && error.status >= 400 && error.status < 500 ? 'refused' : 'unknown';
}

async function exchanged(api: Api, request: Call, answer: z.ZodType | undefined): Promise<Answer<unknown>> {
  const { method = 'GET', path, repeatable } = request;
  const onRetry = (_: TransientError, __: number, pauseMs: number) => {
    if (pauseMs <= silentMs) return;
    process.stderr.write(`${api.vendor} asks for a pause: going on in ${Math.ceil(pauseMs / 1000)} s …\n`);
  };
  const policy = { attempts, onRetry, ...(repeatable !== undefined && { repeatable }) };
  try {
    return await ask(outgoing(api, request), policy, (incoming) => ({
      headers: incoming.headers,
      data: dataOf(incoming, answer),
    }));
  } catch (error) {
    throw isCallFailure(error) ? await serviceError(api, `${method} ${path}`, error) : error;
  }
}

function outgoing(api: Api, { method = 'GET', path, query, body, timeoutMs = requestTimeoutMs(15_000) }: Call) {
  const url = new URL(api.baseUrl.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  const type = body !== undefined && { 'content-type': 'application/json' };
  return {
    url,
    method,
    headers: { accept: 'application/json', ...api.headers, ...type },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs,
  };
}

function dataOf(incoming: Incoming, answer?: z.ZodType): unknown {
  if (incoming.status < 200 || incoming.status > 299) throw new Refused(incoming);
  const json = jsonOf(incoming);
  if (answer === undefined) return undefined;
  const { success, data, error } = answer.safeParse(json);
  if (success) return data;
  throw new OtherForm(error.issues.map(({ path }) => path.join('.') || 'the whole'));
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
