import type { ServiceReply, ServiceRequest } from '../../server/service.ts';
import type { LogLine } from '../supabase/requestLog.ts';
import { LogSqlError, runLogSql } from './logSql.ts';
import { refusal } from './state.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * `GET /v1/projects/REF/analytics/endpoints/logs`: a query on the project's logs, over no more than 24 hours; both ends are
 * rounded to the nearest minute. Without both, the last minute alone. What the engine refuses is an `error` in an answer of 200.
 */
export function projectLogs(lines: readonly LogLine[], { query }: ServiceRequest, now = Date.now()): ServiceReply {
  const [given, end] = ['iso_timestamp_start', 'iso_timestamp_end'].map((name) => query.get(name));
  const to = rounded(end) ?? now;
  const from = rounded(given) ?? (end == null ? now - minuteMs : to - minuteMs);
  if (Number.isNaN(from) || Number.isNaN(to)) return refusal(400, 'the timestamps must be ISO 8601');
  if (to - from > dayMs) return refusal(400, 'the timestamp range must be no more than 24 hours');
  const sql = query.get('sql') ?? `select id, timestamp, event_message from logs where source = 'edge_logs' limit 100`;
  try {
    const asked = lines.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
    return { status: 200, body: { result: runLogSql(sql, asked) } };
  } catch (error) {
    if (!(error instanceof LogSqlError)) throw error;
    return { status: 200, body: { result: [], error: error.message } };
  }
}

function rounded(given: string | null | undefined): number | undefined {
  return given == null ? undefined : Math.round(Date.parse(given) / minuteMs) * minuteMs;
}
