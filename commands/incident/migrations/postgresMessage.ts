import { ServiceError } from '../../../services/door/http.ts';

/** SQLSTATE classes whose messages quote data: a value that a column does not take (22), and a row that breaks a rule (23). */
const quotesData = /^ERROR:\s+2[23]/;

/** How a part of the message begins. What follows belongs to it until the next one: a row's text has lines of its own. */
const part = /^(?:(HINT|ERROR|DETAIL|CONTEXT|STATEMENT|QUERY):|LINE \d+:)/;
const ofData: readonly (string | undefined)[] = ['DETAIL', 'CONTEXT', 'STATEMENT', 'QUERY'];

function withoutData(text: string): string {
  let dropped = false;
  const kept = text.split('\n').filter((line) => {
    const begun = part.exec(line);
    if (begun) dropped = ofData.includes(begun[1]);
    return !dropped;
  });
  return kept.join('\n').trimEnd();
}

/**
 * PostgreSQL's own message of a statement that failed, without data: its details name rows (`Key (email)=(…)`), and so
 * may be a patient's. `undefined` where the service did not come to run it.
 */
export function postgresMessage(error: unknown): string | undefined {
  if (!(error instanceof ServiceError) || error.vendorMessage === undefined) return undefined;
  const text = error.vendorMessage.replace(/^Failed to run sql query:\s*/, '');
  // The values first: one may have lines of its own, and a line of it may look like a part.
  return withoutData(quotesData.test(text) ? text.replaceAll(/"[^"]*"/g, '"****"') : text);
}
