const block = 512;

/** Whether bytes begin with the header of a tar archive: its own checksum says so, in every dialect. */
export function isTar(bytes: Buffer): boolean {
  return isHeader(bytes, 0);
}

/** What a tar archive holds; also what stands after its end, or where it is damaged. */
export function untarred(bytes: Buffer): { readonly contents: readonly Buffer[]; readonly unread?: string } {
  const newline = Buffer.from('\n');
  const headers: Buffer[] = [newline]; // first, so that this is no archive again
  const contents: Buffer[] = [];
  let at = 0;
  while (isHeader(bytes, at)) {
    // Names are read, too: a link's target may be anything.
    headers.push(bytes.subarray(at, at + block), newline);
    const size = numberIn(bytes.subarray(at + 124, at + 136));
    if (size > 0) contents.push(bytes.subarray(at + block, at + block + size));
    at += block + Math.ceil(size / block) * block;
  }
  const rest = bytes.subarray(at);
  const isWhole = at <= bytes.length;
  const hasMore = rest.some((byte) => byte !== 0);
  return {
    contents: [Buffer.concat(headers), ...contents, ...(hasMore ? [rest] : [])],
    ...((!isWhole || hasMore) && { unread: 'it is damaged or cut short, or something stands after its end' }),
  };
}

function isHeader(bytes: Buffer, at: number): boolean {
  if (at + block > bytes.length || bytes[at] === 0) return false;
  const wanted = numberIn(bytes.subarray(at + 148, at + 156));
  if (!(wanted > 0)) return false;
  let sum = 0;
  for (let index = 0; index < block; index++) {
    sum += index >= 148 && index < 156 ? 0x20 : (bytes[at + index] ?? 0); // its own place counts as spaces
  }
  return sum === wanted;
}

/** A number of a header: octal digits, or binary where it is large (its first bit is set). 0 for what is none. */
function numberIn(field: Buffer): number {
  const first = field[0] ?? 0;
  if ((first & 0x80) === 0) {
    const digits = /^\s*([0-7]+)[\s\0]*$/.exec(field.toString('latin1'))?.[1];
    return digits === undefined ? 0 : parseInt(digits, 8);
  }
  let value = first & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : 0;
}
