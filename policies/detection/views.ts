/** The same text as it reads after decoding, with the way back to where each character stood. */
export interface View {
  readonly text: string;
  /** The offset in the original text of the character at `offset` in this view. */
  origin(offset: number): number;
}

const escapes = /(?<!\\)\\+(?:[nrtbf"'/]|u00[0-7][0-9a-fA-F]|x[0-7][0-9a-fA-F])|&(?:amp|quot|lt|gt|#39|#x27);/g;
const entities: Record<string, string> = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'", '#x27': "'" };

function unescapeOne(escape: string): string {
  if (escape.startsWith('&')) return entities[escape.slice(1, -1)] ?? escape;
  const body = escape.replace(/^\\+/, '');
  if (body.startsWith('u') || (body.startsWith('x') && body.length > 1))
    return String.fromCharCode(parseInt(body.slice(1), 16));
  return { n: '\n', r: '\n', t: '\t', b: ' ', f: ' ' }[body] ?? body;
}

/** The text with the escapes of JSON, JavaScript and HTML resolved (however often they were nested); nothing when it has none. */
export function unescapedView(text: string): View | undefined {
  if (!text.includes('\\') && !text.includes('&')) return undefined;
  const starts: number[] = [0];
  const shifts: number[] = [0];
  let result = '';
  let last = 0;
  for (const match of text.matchAll(escapes)) {
    result += text.slice(last, match.index) + unescapeOne(match[0]);
    last = match.index + match[0].length;
    starts.push(result.length);
    shifts.push(last - result.length);
  }
  if (last === 0) return undefined;
  return {
    text: result + text.slice(last),
    origin(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return offset + (shifts[low] ?? 0);
    },
  };
}

const base64Run = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,200000}={0,2}/g;

/** Text that stands in base64, each with the place of the run it was decoded from. Digests and images decode to no text. */
export function* base64Texts(
  text: string,
): Generator<{ readonly text: string; readonly start: number; readonly end: number }> {
  for (const match of text.matchAll(base64Run)) {
    const head = Buffer.from(match[0].slice(0, 24), 'base64').toString('latin1');
    if (!/^[\t\r\n\x20-\x7e]{16,}$/.test(head)) continue;
    const decoded = Buffer.from(match[0], 'base64').toString('latin1');
    if (/[^\t\r\n\x20-\x7e]/.test(decoded)) continue;
    yield { text: decoded, start: match.index, end: match.index + match[0].length };
  }
}
