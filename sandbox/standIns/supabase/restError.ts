import type { ServiceReply } from '../../server/service.ts';

/** An error as PostgREST words it. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string | null;

  constructor(status: number, code: string, message: string, details: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** HTTP status by SQLSTATE, as PostgREST documents it; a refused permission is 401 for who has not signed in. */
function statusOf(code: string, anonymous: boolean): number {
  if (code === '42501') return anonymous ? 401 : 403;
  if (code === '42P01' || code === '42883') return 404;
  if (code === '23503' || code === '23505') return 409;
  if (code.startsWith('25') || code.startsWith('53')) return 503;
  return 400;
}

/** The reply for anything thrown while a request was served; `undefined` for a defect of the stand-in. */
export function errorReply(error: unknown, anonymous: boolean): ServiceReply | undefined {
  if (error instanceof RestError) {
    const { status, code, message, details } = error;
    return { status, body: { code, message, details, hint: null } };
  }
  const database = error as { code?: unknown; message?: unknown; detail?: unknown; hint?: unknown };
  if (typeof database.code !== 'string' || !/^[0-9A-Z]{5}$/.test(database.code)) return undefined;
  return {
    status: statusOf(database.code, anonymous),
    body: {
      code: database.code,
      message: String(database.message),
      details: database.detail ?? null,
      hint: database.hint ?? null,
    },
  };
}
