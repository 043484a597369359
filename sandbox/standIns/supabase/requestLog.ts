import { createHash, randomUUID } from 'node:crypto';
import type { ServiceRequest } from '../../server/service.ts';

/** One line of the project's logs, as the table `logs` of Supabase's log queries has it. */
export interface LogLine {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly source: 'edge_logs' | 'function_edge_logs';
  readonly event_message: string;
  readonly log_attributes: Readonly<Record<string, string>>;
}

/** As many lines as are kept: the oldest go first. */
const most = 20_000;

/**
 * The lines that the project's gateway leaves, in memory alone. Names of the attributes are those of Supabase's published queries
 * and field reference; nothing is kept of a body, of a query, or of other headers than these.
 */
export class RequestLog {
  #lines: LogLine[] = [];

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add({ method, path, headers }: ServiceRequest, status: number, timestamp = Date.now()): void {
    const isFunction = path.startsWith('/functions/v1/');
    const { 'user-agent': agent, host = '', apikey, authorization } = headers;
    const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const attributes = {
      'request.method': method,
      'request.host': host,
      [isFunction ? 'request.pathname' : 'request.path']: path,
      'response.status_code': String(status),
      ...(agent !== undefined && { 'request.headers.user_agent': agent }),
      ...(apikey !== undefined && keyAttributes('apikey', apikey)),
      ...(bearer !== undefined && keyAttributes('authorization', bearer)),
    };
    this.#lines.push({
      id: randomUUID(),
      timestamp,
      source: isFunction ? 'function_edge_logs' : 'edge_logs',
      event_message: `${method} | ${status} | https://${host}${path}`,
      log_attributes: attributes,
    });
    if (this.#lines.length > most) this.#lines = this.#lines.slice(-most / 2);
  }
}

/** How many letters of a legacy key's signature Supabase's logs show. */
const signatureLetters = 6;
/** How many letters of what is no key at all. */
const unknownLetters = 10;

/** What the log tells of a key, by the header that it came in: never the key. */
function keyAttributes(header: 'apikey' | 'authorization', key: string): Record<string, string> {
  const [, kind] = /^sb_(secret|publishable)_/.exec(key) ?? [];
  if (kind !== undefined) {
    const hash = apiKeyHash(key);
    return {
      [`request.sb.apikey.${header}.prefix`]: apiKeyPrefix(key),
      ...(hash !== null && { [`request.sb.apikey.${header}.hash`]: hash }),
    };
  }
  const payload = payloadOf(key);
  if (payload === undefined)
    return {
      [`request.sb.apikey.${header}.prefix`]: key.slice(0, unknownLetters),
      [`request.sb.apikey.${header}.error`]: 'invalid',
    };
  const { role, iss, sub } = payload;
  const of = (name: string, value: unknown) =>
    typeof value === 'string' ? { [`request.sb.jwt.${header}.payload.${name}`]: value } : {};
  return {
    ...of('role', role),
    ...of('issuer', iss),
    ...of('subject', sub),
    ...of('algorithm', 'HS256'),
    ...of('signature_prefix', key.split('.')[2]?.slice(0, signatureLetters)),
  };
}

function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** By what the list of keys and the logs show a key: its first letters. */
export function apiKeyPrefix(key: string): string {
  const [start = ''] = /^sb_(?:secret|publishable)_/.exec(key) ?? [];
  return key.slice(0, start.length + 5);
}

/** The same of a secret key's hash. Supabase does not say how it is made; that list and logs have the same, its dashboard shows. */
export function apiKeyHash(key: string): string | null {
  return key.startsWith('sb_secret_') ? createHash('sha256').update(key).digest('hex') : null;
}
