/** Text that is put into a file at an offset. There is no other edit: whatever the team wrote stays, byte for byte. */
export interface Insertion {
  /** In UTF-16 units, as the parsers count. */
  readonly offset: number;
  readonly text: string;
}

/** The text with every insertion made; those at one offset in their order. */
export function insertAll(text: string, insertions: readonly Insertion[]): string {
  const ordered = insertions.map((one, index) => ({ ...one, index }));
  ordered.sort((a, b) => a.offset - b.offset || a.index - b.index);
  let result = '';
  let from = 0;
  for (const { offset, text: added } of ordered) {
    result += text.slice(from, offset) + added;
    from = offset;
  }
  return result + text.slice(from);
}

/** The line's number from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the line of an offset ends, its line end not included. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset);
  if (found < 0) return text.length;
  return text[found - 1] === '\r' && found - 1 >= offset ? found - 1 : found;
}

/** The white space with which the line of an offset begins. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return text.slice(start, end);
}

/** The file's line ends: those of its first line. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

/** Bytes as text. A byte-order mark stays in it; bytes that are no UTF-8 are an error. */
export function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
