import { z } from 'zod';
import type { Secret } from '../../secrets/secret.ts';
import { call, type Api } from '../door/http.ts';
import type { ProjectKey } from './apiKeys.ts';

/** Requests that came with a key, as Supabase's logs tell of them: one way of asking, with how often and when last. */
interface KeyUse {
  /** The path of the request, without what stands behind `?`. */
  readonly path: string;
  readonly agent: string;
  /** Whose network it came from, where the logs say it. */
  readonly network: string;
  readonly requests: number;
  /** ISO 8601. */
  readonly last: string;
}

export interface KeyUses {
  readonly uses: readonly KeyUse[];
  /** From when on these count (ISO 8601): a whole minute. The last of each came after the moment that was asked for. */
  readonly since: string;
  /** Whether there may be more ways of asking than these. */
  readonly isCut: boolean;
}

/** The logs cannot say whether a key was used. */
export class UnknownUseError extends Error {
  override readonly name = 'UnknownUseError';
}

const minuteMs = 60_000;
/** One query spans a day at most, less what the rounding of both ends may add. */
const spanMs = 24 * 60 * minuteMs - 4 * minuteMs;
/** Of what is older, the newest days alone are asked: Supabase answers a few queries a minute. */
const mostSpans = 7;
/** A query yields no more rows. */
const mostRows = 1000;

const attribute = (key: string) => `log_attributes['${key}']`;
/** The columns of a row, by name: where the log of the gateway, and of the Edge Functions, has them. */
const columns = {
  source: 'source',
  path: attribute('request.path'),
  function_path: attribute('request.pathname'),
  agent: attribute('request.headers.user_agent'),
  network: attribute('request.cf.asOrganization'),
  key_hash: attribute('request.sb.apikey.apikey.hash'),
  key_prefix: attribute('request.sb.apikey.apikey.prefix'),
  bearer_hash: attribute('request.sb.apikey.authorization.hash'),
  bearer_prefix: attribute('request.sb.apikey.authorization.prefix'),
  key_signature: attribute('request.sb.jwt.apikey.payload.signature_prefix'),
  bearer_signature: attribute('request.sb.jwt.authorization.payload.signature_prefix'),
} as const;

const text = z
  .string()
  .nullish()
  .transform((given) => given ?? '');
/** ClickHouse's time, which names no zone and means UTC; or a number of seconds, milliseconds or microseconds since 1970. */
const moment = z.union([z.string(), z.number()]).transform((given, context) => {
  const at = typeof given === 'number' ? milliseconds(given) : Date.parse(withZone(given));
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: 'no time' });
  return z.NEVER;
});
const milliseconds = (given: number) => (given > 1e14 ? given / 1000 : given < 1e11 ? given * 1000 : given);
const withZone = (given: string) => (/Z$|[+-]\d\d:?\d\d$/.test(given) ? given : `${given.replace(' ', 'T')}Z`);
const row = z.object({
  ...{ path: text, function_path: text, agent: text, network: text, key_hash: text, key_prefix: text },
  ...{ bearer_hash: text, bearer_prefix: text, key_signature: text, bearer_signature: text },
  requests: z.coerce.number(),
  last_used: moment,
});
type Row = z.infer<typeof row>;

/**
 * The requests that came with one of these keys since a moment. A secret key is recognised by the hash that Supabase's list of keys
 * has of it, which Supabase's own dashboard compares too; a publishable one by the prefix that the list has of it alone; a legacy
 * key by the first letters of its signature. No more of a key is sent than that hash or prefix. Throws a {@link ServiceError} or an
 * {@link UnknownUseError}.
 */
export async function keyUses(
  api: Api,
  ref: string,
  keys: readonly Secret[],
  listed: readonly ProjectKey[],
  { since, until }: { readonly since: number; readonly until: number },
): Promise<KeyUses> {
  const marks = keys.map((key) => markOf(key, listed));
  const spans = spansOf(since, until);
  const found: Row[] = [];
  let isCut = false;
  for (const span of spans) {
    const rows = await ask(api, ref, usesQuery(marks), span, z.array(row));
    isCut ||= rows.length >= mostRows;
    found.push(...rows.filter((each) => marks.some((mark) => isOf(mark, each)) && each.last_used > since));
  }
  return { uses: together(found), since: new Date(spans.at(-1)?.from ?? since).toISOString(), isCut };
}

/** How far the gateway's log has come: it may be a minute or two late. `undefined`: it has nothing of the last minutes. */
export async function newestLine(api: Api, ref: string, now: number): Promise<number | undefined> {
  const sql = `-- how far the log has come\nselect timestamp\nfrom logs\nwhere source = 'edge_logs'\norder by timestamp desc\nlimit 1`;
  const rows = await ask(
    api,
    ref,
    sql,
    { from: wholeMinute(now - 10 * minuteMs), to: wholeMinute(now) + 2 * minuteMs },
    z.array(z.object({ timestamp: moment })),
  );
  return rows[0]?.timestamp;
}

/** By what the logs show of a key. */
type Mark = { readonly signature: string } | { readonly hash: string } | { readonly prefix: string };

/** What goes into a query: no other letter can end the text that it stands in. */
const harmless = /^[\w+/=-]+$/;

function markOf(key: Secret, listed: readonly ProjectKey[]): Mark {
  const value = key.reveal();
  if (!value.startsWith('sb_')) return { signature: value.split('.')[2] ?? '' };
  const shown = listed.find((each) => each.value.reveal() === value);
  const only = (given: string | undefined) => (given !== undefined && harmless.test(given) ? given : undefined);
  const [hash, prefix] = [only(shown?.hash), only(shown?.prefix)];
  if (hash !== undefined) return { hash };
  // A prefix that another key has as well tells nothing of this one.
  const having = (start: string) => listed.filter((each) => each.value.reveal().startsWith(start));
  if (prefix !== undefined && value.startsWith(prefix) && having(prefix).length === 1) return { prefix };
  throw new UnknownUseError('its list of keys does not say by what the logs show this one alone');
}

function isOf(mark: Mark, found: Row): boolean {
  if ('hash' in mark) return [found.key_hash, found.bearer_hash].includes(mark.hash);
  if ('prefix' in mark) return [found.key_prefix, found.bearer_prefix].includes(mark.prefix);
  const signatures = [found.key_signature, found.bearer_signature].filter((each) => each !== '');
  if (signatures.length === 0) throw new UnknownUseError('its logs do not tell one legacy key from another');
  return signatures.some((each) => mark.signature.startsWith(each));
}

/** ClickHouse's dialect on the one table `logs`. A request to an Edge Function has a log of its own; where both have it, it counts twice. */
function usesQuery(marks: readonly Mark[]): string {
  const isEither = (names: readonly (keyof typeof columns)[], value: string) =>
    names.map((name) => `${columns[name]} = '${value}'`);
  const conditions = marks.flatMap((mark) => {
    if ('hash' in mark) return isEither(['key_hash', 'bearer_hash'], mark.hash);
    if ('prefix' in mark) return isEither(['key_prefix', 'bearer_prefix'], mark.prefix);
    return ['apikey', 'authorization'].map(
      (header) => `${attribute(`request.sb.jwt.${header}.payload.role`)} in ('anon', 'service_role')`,
    );
  });
  const names = Object.entries(columns).map(([name, from]) => (name === from ? name : `${from} as ${name}`));
  return [
    '-- requests with the keys that a rotation ends',
    `select ${names.join(', ')}, count() as requests, max(timestamp) as last_used`,
    'from logs',
    `where source in ('edge_logs', 'function_edge_logs') and (${[...new Set(conditions)].join(' or ')})`,
    `group by ${Object.keys(columns).join(', ')}`,
    'order by last_used desc',
    `limit ${mostRows}`,
  ].join('\n');
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const wholeMinute = (at: number) => Math.floor(at / minuteMs) * minuteMs;

/** The spans from the newest to the oldest; their ends are whole minutes, to which Supabase rounds. */
function spansOf(since: number, until: number): Span[] {
  const spans: Span[] = [];
  let to = wholeMinute(until) + 2 * minuteMs;
  const first = wholeMinute(since);
  while (to > first && spans.length < mostSpans) {
    const from = Math.max(first, to - spanMs);
    spans.push({ from, to });
    to = from;
  }
  return spans;
}

const answered = <Rows extends z.ZodType>(rows: Rows) =>
  z.union([z.object({ error: z.union([z.string().min(1), z.looseObject({})]) }), z.object({ result: rows })]);

async function ask<Data>(api: Api, ref: string, sql: string, { from, to }: Span, rows: z.ZodType<Data>): Promise<Data> {
  const query = {
    sql,
    iso_timestamp_start: new Date(from).toISOString(),
    iso_timestamp_end: new Date(to).toISOString(),
  };
  const { data } = await call(api, { path: `/v1/projects/${ref}/analytics/endpoints/logs`, query }, answered(rows));
  if ('result' in data) return data.result;
  throw new UnknownUseError('its logs answer with an error');
}

/** The same way of asking once, the one that was used last first. Of a path, what names a table or a function, and no more. */
function together(rows: readonly Row[]): KeyUse[] {
  const ways = new Map<string, KeyUse>();
  for (const found of rows) {
    const whole = found.function_path || found.path;
    const path = whole.split(/[?#]/, 1).join('').split('/').slice(0, 4).join('/');
    const { agent, network, requests } = found;
    const last = new Date(found.last_used).toISOString();
    const key = JSON.stringify([path, agent, network]);
    const known = ways.get(key);
    ways.set(key, {
      ...{ path, agent, network },
      requests: requests + (known?.requests ?? 0),
      last: known !== undefined && known.last > last ? known.last : last,
    });
  }
  return [...ways.values()].sort((one, other) => other.last.localeCompare(one.last));
}
