import { createHmac, timingSafeEqual } from 'node:crypto';

/** The keys that one project accepts. */
export interface SupabaseKeys {
  /** Signs and checks the tokens of users, and the anon and service-role keys where they are tokens themselves. */
  readonly jwtSecret: string;
  readonly anonKey: string;
  readonly serviceRoleKey: string;
  /** Whether what signed the legacy keys was revoked: they are no bearer’s tokens either. */
  readonly legacyRevoked?: boolean;
  /** Whether the two legacy keys are refused, as Supabase does once somebody has disabled them. */
  readonly legacyDisabled?: boolean;
  /** The publishable and secret keys beside them. */
  readonly further?: readonly { readonly value: string; readonly role: Role }[];
}

/** The Postgres role that a request runs as. */
export type Role = 'anon' | 'authenticated' | 'service_role';

/** What a token says; PostgREST hands the whole of it to the database. */
export interface Claims {
  readonly role: Role;
  readonly sub?: string;
  readonly exp?: number;
  readonly [name: string]: unknown;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(jwtSecret: string, head: string): Buffer {
  return createHmac('sha256', jwtSecret).update(head).digest();
}

/** A signed HS256 token. */
export function signToken(jwtSecret: string, claims: Claims): string {
  const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${head}.${signature(jwtSecret, head).toString('base64url')}`;
}

/** The claims of a token that this project signed and that has not expired, else `undefined`. */
export function readToken(jwtSecret: string, token: string, now = Date.now()): Claims | undefined {
  const [header, payload, mark, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || mark === undefined || rest.length > 0) return undefined;
  const given = Buffer.from(mark, 'base64url');
  const wanted = signature(jwtSecret, `${header}.${payload}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
  return claims.exp !== undefined && claims.exp * 1000 <= now ? undefined : claims;
}

/** New keys in the legacy shape: two tokens that name their role and run for ten years. */
export function createKeys(jwtSecret: string, projectRef: string, now = Date.now()): SupabaseKeys {
  const iat = Math.floor(now / 1000);
  const key = (role: Role) =>
    signToken(jwtSecret, { iss: 'supabase', ref: projectRef, role, iat, exp: iat + 10 * 365 * 24 * 3600 });
  return { jwtSecret, anonKey: key('anon'), serviceRoleKey: key('service_role') };
}
