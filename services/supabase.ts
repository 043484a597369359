import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { requestTimeoutMs, requireTls, ServiceError } from './http.ts';

/** Supabase's database by supabase-js, with this project's manners: time limits, retries, errors that name the fix. */
export interface SupabaseDatabase {
  /** Runs one request; throws a {@link ServiceError} for an error of Supabase's or of the connection. */
  ask<Data>(what: string, request: (client: SupabaseClient) => PromiseLike<Outcome<Data>>): Promise<Data>;
}

interface Outcome<Data> {
  readonly data: Data;
  /** Without a message where the answer had none, whatever supabase-js declares. */
  readonly error: { readonly message?: string; readonly code?: string } | null;
  readonly status: number;
}

/** A refusal with the code that PostgreSQL or PostgREST gave it (SQLSTATE, `PGRST…`). */
export class DatabaseError extends ServiceError {
  readonly code: string | undefined;

  constructor(message: string, status: number, code: string | undefined) {
    super(message, status);
    this.code = code;
  }
}

const tries = 4;

/**
 * Signs in with a key. The key goes nowhere without TLS but to this machine itself.
 * Every request that this project makes of the database may be repeated: reads, and writes that set a state.
 */
export function supabaseDatabase(url: string, key: string, timeoutMs = requestTimeoutMs(10_000)): SupabaseDatabase {
  requireTls(url);
  const failures: string[] = [];
  const patient: typeof fetch = async (input, init) => {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await once(input, init, timeoutMs);
      if (outcome instanceof Response) return outcome;
      if (attempt === tries) {
        failures.push(outcome.reason);
        // An answer, not an exception: supabase-js would try those again by itself.
        return Response.json({ message: outcome.reason }, { status: 500 });
      }
      await sleep(outcome.afterMs ?? 250 * 2 ** attempt);
    }
  };
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: { fetch: patient },
  });
  return {
    async ask(what, request) {
      failures.length = 0;
      const { data, error, status } = await request(client);
      if (error === null) return data;
      const failure = failures.at(-1);
      const reason = failure ?? `${status} ${(error.message ?? '').slice(0, 200)}`.trim();
      throw new DatabaseError(
        `Supabase, ${what}: ${reason}. ${fixOf(failure, status, error.code)}`,
        failure ? 0 : status,
        error.code,
      );
    },
  };
}

interface Trouble {
  readonly reason: string;
  readonly afterMs?: number;
}

/** One whole answer, body included; what may pass by itself is trouble. */
async function once(input: Parameters<typeof fetch>[0], init: RequestInit | undefined, timeoutMs: number) {
  try {
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const body = await response.arrayBuffer();
    if (response.status !== 429 && response.status < 500) {
      const empty = response.status === 204 || response.status === 304;
      return new Response(empty ? null : body, { status: response.status, headers: response.headers });
    }
    const after = Number(response.headers.get('retry-after'));
    const trouble: Trouble = { reason: `status ${response.status}` };
    return after > 0 ? { ...trouble, afterMs: Math.min(after, 60) * 1000 } : trouble;
  } catch (error) {
    const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
    if (name === 'TimeoutError') return { reason: `no answer within ${timeoutMs / 1000} s` } as Trouble;
    return { reason: `connection failed${cause?.code === undefined ? '' : ` (${cause.code})`}` } as Trouble;
  }
}

function fixOf(failure: string | undefined, status: number, code: string | undefined): string {
  if (failure !== undefined) return 'Run it again; if it stays, look at https://status.supabase.com.';
  if (status === 401 || status === 403 || code === '42501') {
    return 'Set SUPABASE_SERVICE_ROLE_KEY to the project’s secret (service-role) key.';
  }
  if (status === 404 || code === '42P01' || code === 'PGRST205') {
    return 'The project lacks it: apply the application’s own migrations, or look whether this is the right project.';
  }
  return 'See the message; nothing else was tried.';
}
