import type { Piece } from './source.ts';

/** Text as a person would read these bytes: UTF-8, or UTF-16 by its byte-order mark; of binary content the printable runs. */
export function decode(bytes: Buffer): Pick<Piece, 'text' | 'binary'> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le').slice(1), binary: false };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
    return { text: even.swap16().toString('utf16le').slice(1), binary: false };
  }
  if (!bytes.subarray(0, 8000).includes(0))
    return { text: bytes.toString('utf8').replace(/^\uFEFF/, ''), binary: false };
  // Zero bytes: a program, an image, a database. Keys still stand in such files in plain letters.
  const printable = bytes.toString('latin1').match(/[\x20-\x7e\t\r\n]{16,65536}/g) ?? [];
  return { text: printable.join('\n'), binary: true };
}
