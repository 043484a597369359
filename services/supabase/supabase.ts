import { AsyncLocalStorage } from 'node:async_hooks';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { DoorError } from '../door/doorError.ts';
import type { TransientError } from '../door/retry.ts';
import { sdkFetch } from '../door/sdkFetch.ts';
import { projectTrouble } from './trouble.ts';
import { requestTimeoutMs, requireTls, ServiceError, type ServiceErrorKind } from '../door/http.ts';

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
 * Signs in with a key. The key goes nowhere without TLS but to this machine itself, and follows no redirect.
 * Every request that this project makes of the database may be repeated: reads, and writes that set a state.
 */
export function supabaseDatabase(url: string, key: string, timeoutMs = requestTimeoutMs(10_000)): SupabaseDatabase {
  requireTls(url);
  // Several may be under way at once: each has its own trouble.
  const asking = new AsyncLocalStorage<{ trouble?: TransientError | DoorError }>();
  const client = createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: {
      fetch: sdkFetch({
        timeoutMs,
        attempts: tries,
        onTrouble: (trouble) => {
          const current = asking.getStore();
          if (current) current.trouble = trouble;
        },
      }),
    },
  });
  return {
    async ask(what, request) {
      const current: { trouble?: TransientError | DoorError } = {};
      const { data, error, status } = await asking.run(current, async () => request(client));
      if (error === null) return data;
      const { trouble } = current;
      if (trouble) {
        const cause = trouble instanceof DoorError ? trouble : trouble.cause;
        const kind = cause instanceof DoorError ? cause.trouble : 'status';
        throw new ServiceError(`Supabase, ${what}: ${trouble.message}. ${fixOfTrouble(kind)}`, 0, kind);
      }
      const reason = `${status} ${(error.message ?? '').slice(0, 200)}`.trim();
      throw new DatabaseError(`Supabase, ${what}: ${reason}. ${fixOf(status, error.code)}`, status, error.code);
    },
  };
}

function fixOfTrouble(trouble: ServiceErrorKind): string {
  return trouble === 'redirect' || trouble === 'too-large' || trouble === 'no-tls'
    ? 'Correct SUPABASE_URL (STAGING_SUPABASE_URL): it is not the address of the project itself.'
    : 'Run it again; if it stays, look at https://status.supabase.com.';
}

function fixOf(status: number, code: string | undefined): string {
  const trouble = projectTrouble(status);
  if (trouble !== undefined) return trouble;
  if (status === 401 || status === 403 || code === '42501') {
    return 'Set SUPABASE_SERVICE_ROLE_KEY (or SUPABASE_SECRET_KEY) to a secret key of the project, or to its service-role key while its legacy keys are enabled.';
  }
  if (status === 404 || code === '42P01' || code === 'PGRST205') {
    return 'The project lacks it: apply the application’s own migrations, or look whether this is the right project.';
  }
  return 'See the message; nothing else was tried.';
}
