import type { Piece } from './source.ts';

/** How text is written as bytes. */
export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'utf32le' | 'utf32be' | 'binary';

/** What the first bytes say by themselves. */
const marks: readonly (readonly [readonly number[], Encoding])[] = [
  [[0xff, 0xfe, 0, 0], 'utf32le'],
  [[0, 0, 0xfe, 0xff], 'utf32be'],
  [[0xff, 0xfe], 'utf16le'],
  [[0xfe, 0xff], 'utf16be'],
];

/** The encoding that a byte-order mark names; nothing without one. */
export function markedEncoding(bytes: Buffer): Encoding | undefined {
  return marks.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1];
}

/** The encoding of bytes without a mark, by where their zeros stand: most text has its letters in the lowest byte. */
export function guessedEncoding(bytes: Buffer): Encoding {
  const head = bytes.subarray(0, 8000);
  if (!head.includes(0)) return 'utf8';
  const zeros = [0, 0, 0, 0];
  for (let index = 0; index < head.length; index++)
    if (head[index] === 0) zeros[index % 4] = (zeros[index % 4] ?? 0) + 1;
  const quarter = head.length / 4;
  const [often, seldom] = [quarter * 0.7, quarter * 0.1];
  const pattern = zeros.map((count) => (count >= often ? '0' : count <= seldom ? 'x' : '?')).join('');
  return patterns[pattern] ?? 'binary';
}

const patterns: Readonly<Record<string, Encoding>> = {
  x0x0: 'utf16le',
  '0x0x': 'utf16be',
  x000: 'utf32le',
  '000x': 'utf32be',
};

/** Runs of letters, in two or four bytes each. */
const wideRuns = /(?:[\x20-\x7e\t\r\n]\0){16,65536}|(?:[\x20-\x7e\t\r\n]\0\0\0){16,65536}/g;
const narrowRuns = /[\x20-\x7e\t\r\n]{16,65536}/g;
/** Runs of letters in a program, an image, a database: keys still stand in such files. */
const printableRuns = new RegExp(`${narrowRuns.source}|${wideRuns.source}`, 'g');

function fromUtf32(bytes: Buffer, little: boolean): string {
  const points: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    points.push(point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD');
  }
  return points.join('');
}

function textOf(bytes: Buffer, encoding: Exclude<Encoding, 'binary'>): string {
  switch (encoding) {
    case 'utf8':
      return bytes.toString('utf8');
    case 'utf16le':
      return bytes.toString('utf16le');
    case 'utf16be':
      return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
        .swap16()
        .toString('utf16le');
    case 'utf32le':
      return fromUtf32(bytes, true);
    case 'utf32be':
      return fromUtf32(bytes, false);
  }
}

/**
 * Text as a person would read these bytes: UTF-8, UTF-16 or UTF-32, with a mark or without; of binary content the printable
 * runs. `encoding` is the file's, where these are not its first bytes.
 */
export function decode(
  bytes: Buffer,
  encoding: Encoding = markedEncoding(bytes) ?? guessedEncoding(bytes),
): Pick<Piece, 'text' | 'binary'> {
  if (encoding !== 'binary') return { text: textOf(bytes, encoding).replace(/^\uFEFF/, ''), binary: false };
  return { text: runsIn(bytes, printableRuns), binary: true };
}

/** What one program appended to a text of another encoding, as PowerShell's `>>` does; nothing where there is none. */
export function otherEncodings(
  bytes: Buffer,
  encoding: Encoding = markedEncoding(bytes) ?? guessedEncoding(bytes),
): Pick<Piece, 'text' | 'binary'> | undefined {
  if (encoding === 'binary' || (encoding === 'utf8' && !bytes.includes(0))) return undefined;
  const text = runsIn(bytes, encoding === 'utf8' ? wideRuns : narrowRuns);
  return text === '' ? undefined : { text, binary: true };
}

function runsIn(bytes: Buffer, runs: RegExp): string {
  const found = bytes.toString('latin1').match(runs) ?? [];
  return found.map((run) => run.replaceAll('\0', '')).join('\n');
}
