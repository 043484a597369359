import { Gunzip, unzipSync } from 'fflate';
import { decode, guessedEncoding, markedEncoding } from './decode.ts';
import type { Piece } from './source.ts';

/** Content larger than this is read in windows, each with the end of the one before: no token is longer than the overlap. */
export const windowBytes = 8 * 1024 * 1024;
const overlapBytes = 64 * 1024;

/** How much of one archive is unpacked; a bomb must not fill the memory. */
const unpackedLimit = 128 * 1024 * 1024;

/** How deep archives in archives are read: a `.tar.gz` in a `.zip` is, and no Russian doll. */
const deepest = 3;

/** Reads `length` bytes from an offset; fewer at the end. */
export type ReadAt = (from: number, length: number) => Buffer;

/** Content of any size, window by window. The window's size is a multiple of four, so that no letter is cut. */
export function* windowed(read: ReadAt, size: number): Generator<Piece> {
  const marked = markedEncoding(read(0, 4));
  let line = 0;
  for (let from = 0; from < size; from += windowBytes - overlapBytes) {
    const bytes = read(from, Math.min(windowBytes, size - from));
    const encoding = marked ?? guessedEncoding(bytes);
    yield { ...decode(bytes, encoding), line };
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

/** Whether the first bytes are those of an archive that is looked into. */
export function isPacked(head: Buffer): boolean {
  return isGzip(head) || isZip(head);
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isZip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4) === 'PK\x03\x04';

/** What bytes hold, in pieces: text, the printable parts of what is none, and what is packed in them by gzip or zip. */
export function* piecesOf(bytes: Buffer, depth = 0): Generator<Piece> {
  if (depth < deepest && isPacked(bytes)) {
    for (const inner of isGzip(bytes) ? gunzipped(bytes) : unzipped(bytes)) {
      for (const piece of piecesOf(inner, depth + 1)) yield { ...piece, binary: true };
    }
  } else if (bytes.length > windowBytes) {
    yield* windowed((from, length) => bytes.subarray(from, from + length), bytes.length);
  } else yield { ...decode(bytes), line: 0 };
}

class Enough extends Error {}

/** What could be unpacked: of a damaged or cut archive its beginning. */
function gunzipped(bytes: Buffer): Buffer[] {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const stream = new Gunzip((chunk) => {
    chunks.push(chunk);
    total += chunk.length;
    if (total > unpackedLimit) throw new Enough();
  });
  try {
    for (let from = 0; from < bytes.length; from += 65536) {
      stream.push(bytes.subarray(from, from + 65536), from + 65536 >= bytes.length);
    }
  } catch {
    // Damaged, or more than the limit: what came so far is looked through.
  }
  return [Buffer.concat(chunks)];
}

function unzipped(bytes: Buffer): Buffer[] {
  let total = 0;
  try {
    const entries = unzipSync(bytes, { filter: ({ originalSize }) => (total += originalSize) <= unpackedLimit });
    return Object.values(entries).map((entry) => Buffer.from(entry));
  } catch {
    return [bytes.subarray(4)]; // damaged: what is stored without compression can still be read
  }
}
