import type { Transaction } from '@electric-sql/pglite';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import type { Database } from './database.ts';
import { orderClause, selectList, whereClause } from './filters.ts';
import type { Claims } from './keys.ts';
import { errorReply, RestError } from './restError.ts';
import { identifier, literal } from './sql.ts';

/** What `Prefer:` and `Accept:` ask for. */
interface Wishes {
  readonly representation: boolean;
  readonly upsert: 'merge' | 'ignore' | undefined;
  readonly count: boolean;
  readonly single: boolean;
}

function wishes(request: ServiceRequest): Wishes {
  const prefer = request.headers.prefer ?? '';
  return {
    representation: prefer.includes('return=representation'),
    upsert: prefer.includes('resolution=merge-duplicates')
      ? 'merge'
      : prefer.includes('resolution=ignore-duplicates')
        ? 'ignore'
        : undefined,
    count: /count=(exact|planned|estimated)/.test(prefer),
    single: (request.headers.accept ?? '').includes('vnd.pgrst.object'),
  };
}

function pageClause(query: URLSearchParams): string {
  return ['limit', 'offset']
    .map((name) => {
      const value = query.get(name);
      if (value === null) return '';
      if (!/^\d+$/.test(value)) throw new RestError(400, 'PGRST100', `${name} is not a number`);
      return ` ${name} ${value}`;
    })
    .join('');
}

/** The `insert … select` of a body of one object or many; absent columns keep their defaults. */
function insertStatement(table: string, request: ServiceRequest, wish: Wishes): string {
  const body = jsonBody(request);
  const rows = (Array.isArray(body) ? body : [body]) as unknown[];
  if (rows.some((row) => typeof row !== 'object' || row === null)) {
    throw new RestError(400, 'PGRST102', 'Empty or invalid json');
  }
  const names = [...new Set(rows.flatMap((row) => Object.keys(row as object)))].map(identifier);
  const list = names.join(', ');
  const source = `json_populate_recordset(null::${table}, ${literal(JSON.stringify(rows))})`;
  const values = names.length === 0 ? 'default values' : `(${list}) select ${list} from ${source}`;
  return `insert into ${table} ${values}${conflictClause(request.query.get('on_conflict'), names, wish)}`;
}

function conflictClause(target: string | null, names: readonly string[], wish: Wishes): string {
  if (wish.upsert === undefined) return '';
  const on = target === null ? '' : ` (${target.split(',').map(identifier).join(', ')})`;
  if (wish.upsert === 'ignore') return ` on conflict${on} do nothing`;
  if (on === '') throw new RestError(400, 'PGRST100', 'the sandbox needs on_conflict to merge duplicates');
  return ` on conflict${on} do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

function updateStatement(table: string, request: ServiceRequest): string {
  const body = jsonBody(request);
  if (typeof body !== 'object' || body === null) throw new RestError(400, 'PGRST102', 'Empty or invalid json');
  const names = Object.keys(body).map(identifier);
  if (names.length === 0) throw new RestError(400, 'PGRST102', 'nothing to update');
  const source = `json_populate_record(null::${table}, ${literal(JSON.stringify(body))})`;
  const set = names.map((name) => `${name} = (select ${name} from ${source})`).join(', ');
  return `update ${table} set ${set}${whereClause(request.query)}`;
}

/** The rows that a statement yields, as PostgreSQL itself writes them in JSON. */
async function rowsOf(transaction: Transaction, statement: string, list: string, tail = ''): Promise<unknown[]> {
  const sql = `with source as (${statement}) select coalesce(json_agg(row_to_json(r)), '[]')::text as rows
    from (select ${list} from source${tail}) r`;
  const { rows } = await transaction.query<{ rows: string }>(sql);
  return JSON.parse(rows[0]?.rows ?? '[]') as unknown[];
}

function present(rows: readonly unknown[], wish: Wishes, status: number, range: string): ServiceReply {
  const headers = { 'content-range': range };
  if (!wish.single) return { status, headers, body: rows };
  if (rows.length === 1) return { status, headers, body: rows[0] };
  throw new RestError(
    406,
    'PGRST116',
    'Cannot coerce the result to a single JSON object',
    `The result contains ${rows.length} rows`,
  );
}

async function read(transaction: Transaction, table: string, request: ServiceRequest): Promise<ServiceReply> {
  const wish = wishes(request);
  const where = whereClause(request.query);
  const rows = await rowsOf(
    transaction,
    `select * from ${table}${where}${orderClause(request.query)}${pageClause(request.query)}`,
    selectList(request.query),
    orderClause(request.query),
  );
  let total = '*';
  if (wish.count) {
    const counted = await transaction.query<{ n: number }>(`select count(*)::int as n from ${table}${where}`);
    total = String(counted.rows[0]?.n ?? 0);
  }
  const from = Number(request.query.get('offset') ?? 0);
  const range = rows.length === 0 ? `*/${total}` : `${from}-${from + rows.length - 1}/${total}`;
  const reply = present(rows, wish, 200, range);
  return request.method === 'HEAD' ? { ...reply, body: undefined } : reply;
}

async function write(transaction: Transaction, table: string, request: ServiceRequest): Promise<ServiceReply> {
  const wish = wishes(request);
  const statement =
    request.method === 'POST'
      ? insertStatement(table, request, wish)
      : request.method === 'PATCH'
        ? updateStatement(table, request)
        : `delete from ${table}${whereClause(request.query)}`;
  const verb = { POST: 'insert', PATCH: 'update', DELETE: 'delete' }[request.method] ?? request.method;
  const effects = [`${verb} ${table.replaceAll('"', '')}`];
  if (!wish.representation) {
    await transaction.query(statement);
    return { status: request.method === 'POST' ? 201 : 204, effects };
  }
  const rows = await rowsOf(transaction, `${statement} returning *`, selectList(request.query));
  return { ...present(rows, wish, request.method === 'POST' ? 201 : 200, '*/*'), effects };
}

async function call(transaction: Transaction, name: string, request: ServiceRequest): Promise<ServiceReply> {
  const body = (jsonBody(request) ?? {}) as Record<string, unknown>;
  const values = Object.entries(body).map(
    ([key, value]) =>
      `${identifier(key)} := ${value === null ? 'null' : literal(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const rows = await rowsOf(transaction, `select public.${identifier(name)}(${values.join(', ')}) as result`, '*');
  return { status: 200, body: (rows[0] as { result?: unknown } | undefined)?.result ?? null, effects: [`rpc ${name}`] };
}

/** The REST path (`/rest/v1/…`) for a caller whose claims are known: PostgREST's subset that supabase-js uses without embedding. */
export async function rest(database: Database, claims: Claims, request: ServiceRequest): Promise<ServiceReply> {
  const [, , , first, second, ...more] = request.path.split('/').map(decodeURIComponent);
  try {
    if (first === undefined || more.length > 0) throw new RestError(404, 'PGRST125', 'Invalid path');
    return await database.as(claims, async (transaction) => {
      if (first === 'rpc' && second !== undefined) return call(transaction, second, request);
      const table = `public.${identifier(first)}`;
      if (request.method === 'GET' || request.method === 'HEAD') return read(transaction, table, request);
      if (['POST', 'PATCH', 'DELETE'].includes(request.method)) return write(transaction, table, request);
      throw new RestError(405, 'PGRST117', `Unsupported HTTP method: ${request.method}`);
    });
  } catch (error) {
    const reply = errorReply(error, claims.role === 'anon');
    if (!reply) throw error;
    return reply;
  }
}
