import { ServiceError } from '../../services/http.ts';

/** SQLSTATE classes whose messages quote data: a value that a column does not take (22), and a row that breaks a rule (23). */
const quotesData = /^ERROR:\s+22/;

/**
 * PostgreSQL's own message of a statement that failed, without data: its details name rows (`Key (email)=(…)`), and so
 * may be a patient's. `undefined` where the service did not come to run it.
 */
export function postgresMessage(error: unknown): string | undefined {
  if (!(error instanceof ServiceError) || error.vendorMessage === undefined) return undefined;
  const text = error.vendorMessage.replace(/^Failed to run sql query:\s*/, '');
  const lines = text.split('\n').filter((line) => !/^(?:DETAIL|CONTEXT|STATEMENT|QUERY):/.test(line));
  const safe = quotesData.test(text) ? lines.map((line) => line.replaceAll(/"[^"]*"/g, '"****"')) : lines;
  return safe.join('\n').trimEnd();
}
