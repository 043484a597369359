import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import type { Span } from '../finding.ts';

/** A text that stands in another one in letters of its own, and where these are. */
export interface EncodedText extends Span {
  readonly text: string;
  /** As in a report: `base64`. */
  readonly encoding: 'base64' | 'hexadecimal digits';
}

/** A run is read in parts of this length at most: a multiple of four, and of two. */
const base64Run = /[A-Za-z0-9+/_-]{24,200000}={0,2}/g;

/** As mail and the command `base64` write it: several lines of one length, the last one shorter. */
const wrappedRun =
  /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{48,256}(?:\r?\n[ \t]{0,64}[A-Za-z0-9+/]{48,256}){0,4000}\r?\n[ \t]{0,64}[A-Za-z0-9+/]{4,256}={0,2}(?![A-Za-z0-9+/])/g;

const hexRun = /(?<![0-9a-zA-Z])(?:0x)?((?:[0-9a-f]{2}){16,100000}|(?:[0-9A-F]{2}){16,100000})(?![0-9a-zA-Z])/g;

/** What stands in a text as base64 or hexadecimal digits, and is text again. Digests and images are none. */
export function* encodedTexts(text: string): Generator<EncodedText> {
  for (const match of text.matchAll(base64Run)) yield* ofBase64(match[0], match.index, match[0].length);
  for (const match of text.matchAll(wrappedRun)) {
    yield* ofBase64(match[0].replaceAll(/\s+/g, ''), match.index, match[0].length);
  }
  for (const match of text.matchAll(hexRun)) {
    const [{ length }, digits = ''] = match;
    const decoded = asText(Buffer.from(digits, 'hex'));
    if (decoded !== undefined) {
      yield { text: decoded, start: match.index, end: match.index + length, encoding: 'hexadecimal digits' };
    }
  }
}

function* ofBase64(letters: string, start: number, length: number): Generator<EncodedText> {
  const head = Buffer.from(letters.slice(0, 24), 'base64');
  if (!mayBegin(head)) return;
  const text = asText(Buffer.from(letters, 'base64'));
  if (text !== undefined) yield { text, start, end: start + length, encoding: 'base64' };
}

const isPacked = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Whether bytes may be the beginning of what {@link asText} reads: most that are no text end here. */
function mayBegin(head: Buffer): boolean {
  return isPacked(head) || isWide(head, 0) || isWide(head, 1) || !control.test(head.toString('latin1'));
}

// eslint-disable-next-line no-control-regex -- what text does not hold
const control = /[\0-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]/;

/** Whether every second byte is zero: UTF-16 of what ASCII has. */
function isWide(bytes: Buffer, zero: 0 | 1): boolean {
  const head = bytes.subarray(bytes[0] === 0xff || bytes[0] === 0xfe ? 2 : 0, 64);
  return head.length >= 8 && head.every((byte, index) => (index % 2 === zero ? byte === 0 : byte !== 0));
}

/** Bytes as UTF-8 or UTF-16, packed by gzip or not; nothing where they are no text. */
function asText(bytes: Buffer): string | undefined {
  if (isPacked(bytes)) {
    const inner = unpacked(bytes);
    return inner === undefined || isPacked(inner) ? undefined : asText(inner);
  }
  if (isWide(bytes, 1)) return bytes.toString('utf16le').replace(/^\uFEFF/, '');
  if (isWide(bytes, 0)) {
    return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le')
      .replace(/^\uFEFF/, '');
  }
  // Where the run was longer than the text, a last letter may be cut.
  if (!isUtf8(bytes) && !isUtf8(bytes.subarray(0, -1))) return undefined;
  const text = bytes.toString('utf8');
  return control.test(text) ? undefined : text;
}

/** What a value within a text may unpack to: so many times its size. Text seldom gets smaller by more. */
const mostGrowth = 16;

function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: bytes.length * mostGrowth });
  } catch {
    return undefined;
  }
}
