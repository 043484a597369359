import { createHash } from 'node:crypto';
import type { Span } from '../detection/finding.ts';
import { replaceSpans } from '../detection/text/spans.ts';

/** How many characters on each side of a value identify its place. */
const contextLength = 60;

/** A value's form, without what it is: which kinds of characters, and how many. */
function formOf(value: string): string {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].map((kind) => (kind.test(value) ? '1' : '0'));
  return `${kinds.join('')}:${value.length}`;
}

/**
 * Distinguishes a finding from others for an exception and for services that follow findings over time. It is made of the rule, the
 * text around the value on its line (other findings masked) and the value's form, and not of the value: it is published, and
 * nobody can confirm a guessed password by it.
 */
export function fingerprintOf(rule: string, text: string, { start, end }: Span, all: readonly Span[]): string {
  const from = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - contextLength);
  const lineEnd = text.indexOf('\n', end);
  const to = Math.min(lineEnd === -1 ? text.length : lineEnd, end + contextLength);
  const inside = all
    .filter((span) => span.start < to && span.end > from)
    .map((span) => ({ start: Math.max(span.start, from) - from, end: Math.min(span.end, to) - from }));
  const context = replaceSpans(text.slice(from, to).replace(/\r$/, ''), inside, '****');
  const parts = ['v2', rule, formOf(text.slice(start, end)), context];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}
