import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { NetlifyAPI } from '@netlify/api';
import { site } from '../../../../sandbox/process/identity.ts';
import {
  createNetlify,
  netlifyTokens,
  netlifyValues,
  seedNetlify,
  type NetlifySeed,
} from '../../../../sandbox/standIns/netlify/index.ts';
import { Faults, type Fault } from '../../../../sandbox/server/faults.ts';
import { serve, type Exchange, type LogEntry } from '../../../../sandbox/server/serve.ts';
import { netlifyProblems } from '../../../support/documents/netlifyDocument.ts';

/** What a test of the stand-in works with. */
export interface Running {
  readonly origin: string;
  readonly stateDir: string;
  readonly tokens: { readonly admin: string; readonly readOnly: string };
  /** Netlify's own JavaScript client. */
  readonly api: NetlifyAPI;
  readonly log: LogEntry[];
  readonly exchanges: Exchange[];
  /** Sends a request as it is, a Buffer as bytes and anything else as JSON; the admin's token unless another is given (`''`: none). */
  readonly send: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  readonly setFaults: (faults: readonly Fault[]) => void;
  /** True values by `KEY context`. */
  readonly values: () => Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface StartOptions {
  readonly seed?: NetlifySeed;
  readonly rateLimit?: number;
  /** An earlier test's state; not removed afterwards. */
  readonly stateDir?: string;
}

const cleanUps: (() => Promise<void> | void)[] = [];

/** Every test's exchanges are held against Netlify's document when it ends. */
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

export async function startNetlify({ seed, rateLimit, stateDir: given }: StartOptions = {}): Promise<Running> {
  const stateDir = given ?? mkdtempSync(join(tmpdir(), 'netlify-'));
  if (given === undefined) cleanUps.push(() => rmSync(stateDir, { recursive: true, force: true }));
  if (seed) seedNetlify(stateDir, seed);
  const log: LogEntry[] = [];
  const exchanges: Exchange[] = [];
  const faults = new Faults();
  const service = createNetlify({ stateDir, ...(rateLimit !== undefined && { rateLimit }) });
  const server = await serve(service, {
    faults,
    log: (entry) => log.push(entry),
    observe: (exchange) => exchanges.push(exchange),
  });
  cleanUps.push(async () => {
    await server.close();
    expect(exchanges.flatMap(netlifyProblems)).toEqual([]);
  });
  const origin = server.url;
  const tokens = netlifyTokens(stateDir);
  const api = new NetlifyAPI(tokens.admin, { scheme: 'http', host: `127.0.0.1:${server.port}` });
  return {
    origin,
    stateDir,
    tokens,
    api,
    log,
    exchanges,
    setFaults: (list) => faults.set(list),
    send: async (method, path, body, token = tokens.admin) => {
      const raw = Buffer.isBuffer(body);
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
        },
        ...(body !== undefined && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
    },
    values: () =>
      Object.fromEntries(
        netlifyValues(stateDir).map(({ key, context, contextParameter, value }) => [
          [key, context, contextParameter].filter(Boolean).join(' '),
          value,
        ]),
      ),
  };
}

/** Path of the site's variables, or of one of them. */
export function envPath(key?: string, query = `site_id=${site.id}`): string {
  return `/api/v1/accounts/${site.accountId}/env${key === undefined ? '' : `/${key}`}?${query}`;
}
