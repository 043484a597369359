import { gunzipSync } from 'node:zlib';
import { Gunzip, unzipSync } from 'fflate';
import { isTar, untarred } from './tar.ts';

/** How much of one archive is unpacked, in bytes; a bomb must not fill the memory. */
const unpackedLimit = 128 * 1024 * 1024;

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isZip = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 4) === 'PK\x03\x04';

/** How many of the first bytes decide what a file is. */
export const headBytes = 512;

/** Whether the first bytes ({@link headBytes}) are those of an archive that is looked into. */
export function isPacked(head: Buffer): boolean {
  return isGzip(head) || isZip(head) || isTar(head);
}

/** The end of a zip: its list of contents is within so many bytes of the file's end. */
const zipTail = 65_557;

/** Whether a zip stands at the end of something else: of a program that unpacks itself, of a picture. */
export function endsAsZip(bytes: Buffer): boolean {
  return (
    !isZip(bytes) && bytes.subarray(-zipTail).includes('PK\x05\x06', 'latin1') && bytes.includes('PK\x03\x04', 'latin1')
  );
}

/** First bytes of what is packed in a way that is not unpacked here. */
const others: readonly (readonly [string, string])[] = [
  ['xz', 'fd377a585a00'],
  ['bzip2', '425a6839'],
  ['zstd', '28b52ffd'],
  ['7z', '377abcaf271c'],
  ['rar', '526172211a07'],
  ['lz4', '04224d18'],
  ['lzma', '5d0000'],
  ['compress', '1f9d'],
  ['cab', '4d534346'],
  ['zlib', '789c'],
  ['zlib', '78da'],
];

/** The name of a kind of archive that is not looked into; nothing for all else. */
export function unreadableKind(head: Buffer): string | undefined {
  const hex = head.toString('hex', 0, 6);
  return others.find(([, magic]) => hex.startsWith(magic))?.[0];
}

/** What an archive holds, and why not all of it is there. */
export interface Unpacked {
  readonly contents: readonly Buffer[];
  readonly unread?: string;
}

/** Unpacks gzip, zip or tar. Of a damaged or cut gzip the beginning is kept; of a damaged zip, what it stores without compression. */
export function unpack(bytes: Buffer, most = unpackedLimit): Unpacked {
  const limit = Math.min(most, unpackedLimit);
  if (isGzip(bytes)) return gunzipped(bytes, limit);
  if (isTar(bytes)) return untarred(bytes);
  return isZip(bytes) ? unzipped(bytes, limit) : unzippedTail(bytes, limit);
}

const tooLarge = (limit: number) => `it unpacks to more than ${Math.round(limit / 1024 / 1024)} MiB`;
const damaged = 'it is damaged, cut short or encrypted';

class Enough extends Error {}

function gunzipped(bytes: Buffer, limit: number): Unpacked {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const ends: boolean[] = [];
  const stream = new Gunzip((chunk, final) => {
    chunks.push(chunk);
    total += chunk.length;
    ends.push(final);
    if (total > limit) throw new Enough();
  });
  try {
    for (let from = 0; from < bytes.length; from += 65536) {
      stream.push(bytes.subarray(from, from + 65536), from + 65536 >= bytes.length);
    }
  } catch (error) {
    return { contents: [Buffer.concat(chunks)], unread: error instanceof Enough ? tooLarge(limit) : damaged };
  }
  const isWhole = ends.includes(true) && isWholeGzip(bytes, total);
  return { contents: [Buffer.concat(chunks)], ...(!isWhole && { unread: damaged }) };
}

/** Whether gzip ends as it should: the reader above takes some that were cut near their end for whole. */
function isWholeGzip(bytes: Buffer, total: number): boolean {
  // One member, and nothing behind it: its last four bytes are its length.
  if (bytes.readUInt32LE(bytes.length - 4) === total % 2 ** 32) return true;
  try {
    gunzipSync(bytes, { maxOutputLength: unpackedLimit + 1 });
    return true;
  } catch {
    return false;
  }
}

/** A zip after something else, which counts its places from its own beginning or from the file's. */
function unzippedTail(bytes: Buffer, limit: number): Unpacked {
  const own = unzipped(bytes.subarray(bytes.indexOf('PK\x03\x04', 0, 'latin1')), limit);
  const found = own.unread === damaged ? unzipped(bytes, limit) : own;
  return found.unread === damaged ? { contents: [], unread: damaged } : found;
}

function unzipped(bytes: Buffer, limit: number): Unpacked {
  let total = 0;
  try {
    const entries = unzipSync(bytes, { filter: ({ originalSize }) => (total += originalSize) <= limit });
    const contents = Object.values(entries).map((entry) => Buffer.from(entry));
    const unread = total > limit ? tooLarge(limit) : hasEncrypted(bytes) ? damaged : undefined;
    return { contents, ...(unread !== undefined && { unread }) };
  } catch {
    return { contents: [bytes.subarray(4)], unread: damaged };
  }
}

/** Whether the list of contents names something encrypted: what is only stored would pass for its content. */
function hasEncrypted(bytes: Buffer): boolean {
  const entry = 'PK\x01\x02';
  for (let at = bytes.indexOf(entry, 0, 'latin1'); at !== -1; at = bytes.indexOf(entry, at + 4, 'latin1')) {
    if (((bytes[at + 8] ?? 0) & 1) === 1) return true;
  }
  return false;
}
