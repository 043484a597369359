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
  return text.includes('\\') || text.includes('&') ? resolved(text, escapes, unescapeOne) : undefined;
}

/** The text with the escapes of addresses and forms resolved, as far as they stand for ASCII; nothing when it has none. */
export function unpercentedView(text: string): View | undefined {
  return text.includes('%') ? resolved(text, percents, ofPercents) : undefined;
}

/** Once, or again and again: `%3A`, `%253A`. */
const percents = /%(?:25){0,3}[2-7][0-9a-fA-F]/g;

function ofPercents(escape: string): string {
  return String.fromCharCode(parseInt(escape.slice(-2), 16));
}

function resolved(text: string, pattern: RegExp, resolve: (escape: string) => string): View | undefined {
  const starts: number[] = [0];
  const shifts: number[] = [0];
  const parts: string[] = [];
  let length = 0;
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    const part = text.slice(last, match.index) + resolve(match[0]);
    parts.push(part);
    length += part.length;
    last = match.index + match[0].length;
    starts.push(length);
    shifts.push(last - length);
  }
  if (last === 0) return undefined;
  return {
    text: parts.join('') + text.slice(last),
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
