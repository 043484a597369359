import { printable } from '../machine/printable.ts';

/**
 * A text of somebody else as one Markdown code span, in which nothing is a mention, a link, HTML or markup, and which it cannot end:
 * the fence is longer than any row of backticks in the text. A bar would end a table's cell even there, so it is drawn broken.
 */
export function codeSpan(text: string): string {
  const line = printable(text).replaceAll('|', '¦');
  const rows = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...rows.map((row) => row.length)));
  // The blanks are not shown; without them a backtick at an end would join the fence, and an empty text would be no span.
  const padding = rows.length > 0 || line.trim() === '' ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}
