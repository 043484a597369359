import { endsAsZip, isPacked, unpack, unreadableKind } from './archives.ts';
import { decode, guessedEncoding, markedEncoding, otherEncodings, type Encoding } from './decode.ts';
import type { Piece } from './source.ts';

/** Content larger than this is read in windows, each with the end of the one before: no token is longer than the overlap. */
export const windowBytes = 8 * 1024 * 1024;
const overlapBytes = 64 * 1024;

/** How deep archives in archives are read: a `.gz` in a `.tar.gz` in a `.zip` is, and no Russian doll. */
const deepest = 5;

/** How much of all that one source holds is unpacked, in bytes. */
const budgetBytes = 512 * 1024 * 1024;

/** Reads `length` bytes from an offset; fewer at the end. */
export type ReadAt = (from: number, length: number) => Buffer;

/** Content of any size, window by window. The window's size is a multiple of four, so that no letter is cut. */
export function* windowed(read: ReadAt, size: number): Generator<Piece> {
  const marked = markedEncoding(read(0, 4));
  let line = 0;
  for (let from = 0; from < size; from += windowBytes - overlapBytes) {
    const bytes = read(from, Math.min(windowBytes, size - from));
    const encoding = marked ?? guessedEncoding(bytes);
    yield* asText(bytes, line, encoding);
    if (from + windowBytes >= size) return;
    const own = decode(bytes.subarray(0, windowBytes - overlapBytes), encoding);
    if (!own.binary) line += newlines(own.text);
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function* asText(bytes: Buffer, line: number, encoding?: Encoding): Generator<Piece> {
  yield { ...decode(bytes, encoding), line };
  const other = otherEncodings(bytes, encoding);
  if (other) yield { ...other, line };
}

/** What bytes hold, in pieces: text, the printable parts of what is none, and what is packed in them by gzip, zip or tar. */
export function* piecesOf(bytes: Buffer, depth = 0, budget = { left: budgetBytes }): Generator<Piece> {
  const packed = isPacked(bytes);
  if (depth < deepest && (packed || endsAsZip(bytes))) {
    const { contents, unread } = unpack(bytes, budget.left);
    budget.left = Math.max(0, budget.left - contents.reduce((sum, { length }) => sum + length, 0));
    for (const inner of contents) {
      for (const piece of piecesOf(inner, depth + 1, budget)) yield { ...piece, binary: true };
    }
    if (unread !== undefined) yield nothing(unread);
    if (packed) return;
  }
  if (bytes.length > windowBytes) yield* windowed((from, length) => bytes.subarray(from, from + length), bytes.length);
  else yield* asText(bytes, 0);
  const kind = unreadableKind(bytes);
  if (kind !== undefined) yield nothing(`it is packed by ${kind}`);
  else if (packed) yield nothing(`it is packed more than ${deepest} times`);
}

/** Says that something is in no piece. */
export function nothing(unread: string): Piece {
  return { text: '', line: 0, binary: true, unread };
}
