import type { Span } from './finding.ts';

/** How far what stands beside a value is read. */
const reach = { before: 700, after: 300 };

/** What stands around a place, within the same braces. */
function sameObject(text: string, { start, end }: Span): string {
  const before = text.slice(Math.max(0, start - reach.after), start);
  const after = text.slice(end, end + reach.after);
  const close = after.search(/[{}]/);
  return (
    before.slice(Math.max(before.lastIndexOf('{'), before.lastIndexOf('}')) + 1) +
    after.slice(0, close === -1 ? undefined : close)
  );
}

/** The key with which a page searches by Algolia's DocSearch: 32 hexadecimal digits beside an index and an application. */
function isSearchKey(text: string, name: string, span: Span): boolean {
  if (!/(?:^|\.)(?:search)?api[_-]?key$/i.test(name)) return false;
  if (!/^[0-9a-f]{32}$/.test(text.slice(span.start, span.end))) return false;
  const beside = sameObject(text, span);
  if (!/\bindexName\b/.test(beside)) return false;
  return (
    /\b(?:appId|applicationId)["']?\s{0,9}[:=]\s{0,9}["'`][A-Z0-9]{10}["'`]/.test(beside) ||
    /docsearch|algolia/i.test(text.slice(Math.max(0, span.start - reach.after), span.end + reach.after))
  );
}

/** What Renovate keeps under `encrypted`: PGP or RSA, so at least a hundred bytes of base64. */
function isEncrypted(text: string, { start, end }: Span): boolean {
  if (!/^[A-Za-z0-9+/]{150,}={0,2}$/.test(text.slice(start, end))) return false;
  return /"encrypted"\s{0,9}:\s{0,9}\{[^{}]{0,600}$/.test(text.slice(Math.max(0, start - reach.before), start));
}

/** Whether what stands around a value says that it is published or encrypted. */
export function isPublishedBeside(text: string, name: string, span: Span): boolean {
  return isSearchKey(text, name, span) || isEncrypted(text, span);
}
