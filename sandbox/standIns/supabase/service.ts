import { timingSafeEqual } from 'node:crypto';
import type { Service, ServiceReply, ServiceRequest } from '../../server/service.ts';
import { agentPath, askAgent, type AgentOptions } from './agent/agent.ts';
import { Auth, type NewUser } from './auth.ts';
import { openDatabase, type Database } from './database.ts';
import { keepHistory } from './history.ts';
import { readToken, type Claims, type Role, type SupabaseKeys } from './keys.ts';
import { RequestLog, type LogLine } from './requestLog.ts';
import { rest } from './rest.ts';

export interface SupabaseOptions {
  /** The folder of the database's files; in memory when absent. */
  readonly folder?: string;
  /** The project's keys; a function where they may be rotated while the stand-in runs. */
  readonly keys: SupabaseKeys | (() => SupabaseKeys);
  /** Folders of SQL migrations, applied once in the order of their file names. */
  readonly migrations: readonly string[];
  /** Users that exist from the start. */
  readonly users?: readonly NewUser[];
  /** The application's agent, where the project has one. */
  readonly agent?: AgentOptions;
}

/** The stand-in, with a way past its HTTP face for tests. */
export interface SupabaseService extends Service {
  /** Opened by the first request, or by this. */
  database(): Promise<Database>;
  /** What the gateway has logged since it was started. */
  logs(): readonly LogLine[];
  close(): Promise<void>;
}

/** What browsers ask before a page of another origin may call; hosted Supabase allows every origin. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS',
  'access-control-allow-headers':
    '*, authorization, apikey, content-type, prefer, x-client-info, x-supabase-api-version',
  'access-control-expose-headers': 'content-range',
};

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The role of one of the project's own keys, legacy or new. */
function roleOf({ serviceRoleKey, anonKey, further = [] }: SupabaseKeys, key: string): Role | undefined {
  if (same(key, serviceRoleKey)) return 'service_role';
  if (same(key, anonKey)) return 'anon';
  return further.find(({ value }) => same(key, value))?.role;
}

/** Who calls: the API key must be the project's; a bearer token of a user overrides the key's role. */
function caller(keys: SupabaseKeys, request: ServiceRequest): { claims: Claims } | { refusal: ServiceReply } {
  const { authorization, apikey } = request.headers;
  const bearer = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const key = apikey ?? bearer;
  const refuse = (body: unknown) => ({ refusal: { status: 401, body } });
  if (key === undefined) return refuse({ message: 'No API key found in request' });
  const role = roleOf(keys, key);
  const isLegacy = same(key, keys.serviceRoleKey) || same(key, keys.anonKey);
  if (isLegacy && keys.legacyDisabled === true) return refuse({ message: 'Legacy API keys are disabled' });
  if (role === undefined) return refuse({ message: 'Invalid API key' });
  if (bearer === undefined) return { claims: { role } };
  const isLegacyBearer = same(bearer, keys.serviceRoleKey) || same(bearer, keys.anonKey);
  if (isLegacyBearer && keys.legacyRevoked === true) return refuse(invalid);
  const bearerRole = roleOf(keys, bearer);
  if (bearerRole !== undefined) return { claims: { role: bearerRole } };
  const claims = readToken(keys.jwtSecret, bearer);
  return claims ? { claims } : refuse(invalid);
}

const invalid = { code: 'PGRST301', message: 'JWT is invalid or expired', details: null, hint: null };

/** Supabase on loopback: a real PostgreSQL behind the REST and auth paths that supabase-js uses, and the agent's function. */
export function createSupabase(options: SupabaseOptions): SupabaseService {
  const keys = () => (typeof options.keys === 'function' ? options.keys() : options.keys);
  let opening: Promise<{ database: Database; auth: Auth }> | undefined;
  const open = () =>
    (opening ??= (async () => {
      const database = await openDatabase(options.folder, options.migrations);
      const auth = new Auth(database, () => keys().jwtSecret);
      for (const user of options.users ?? []) await auth.saveUser(user);
      await keepHistory(database.superuser);
      return { database, auth };
    })());

  const log = new RequestLog();

  async function answer(request: ServiceRequest): Promise<ServiceReply> {
    const who = caller(keys(), request);
    if ('refusal' in who) return who.refusal;
    const { database, auth } = await open();
    if (request.path.startsWith('/rest/v1/')) return rest(database, who.claims, request);
    if (request.path.startsWith('/auth/v1/')) return auth.handle(who.claims, request);
    if (request.path === agentPath && options.agent) return askAgent(options.agent, database, who.claims, request);
    return { status: 404, body: { message: 'no Route matched with those values' } };
  }

  return {
    name: 'supabase',
    async handle(request) {
      if (request.method === 'OPTIONS') return { status: 204, headers: cors };
      const reply = await answer(request);
      log.add(request, reply.status);
      return { ...reply, headers: { ...cors, ...reply.headers } };
    },
    database: async () => (await open()).database,
    logs: () => log.lines,
    close: async () => (opening === undefined ? undefined : (await opening).database.close()),
  };
}
