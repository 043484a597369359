/** The escapes of HTML, as templates and serialisers write them. */
function escapedForHtml(text: string, quote: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe);
}

const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Base64 at each of its three alignments: the characters that this text alone decides, in both alphabets. */
function asBase64(text: string | Buffer): string[] {
  const bytes = Buffer.from(text);
  const standard = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((shift * 8) / 6);
    return encoded.slice(first, encoded.length - ((shift + bytes.length) % 3 === 0 ? 0 : 1));
  });
  return standard.flatMap((each) => [
    each,
    each.replaceAll('/', '\\/'),
    encodeURIComponent(each),
    each.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}

/** As addresses and forms write it; nothing for a text that is no Unicode, which they refuse. */
function asUrl(text: string): string[] {
  if (!text.isWellFormed()) return [];
  const strict = encodeURIComponent(text);
  const form = new URLSearchParams({ v: text }).toString().slice(2);
  const user = encodeURI(text);
  return [strict, form, user].flatMap((each) => [
    each,
    each.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  ]);
}

/**
 * The forms in which a value travels: as it is, as JSON escapes it (a body within a log line within a trace: three times),
 * as addresses, forms and HTML do, and as base64 and hexadecimal digits of these. Most values have few that differ.
 */
export function spellings(value: string): string[] {
  const json = [value];
  for (let depth = 0; depth < 3; depth++) json.push(asJson(json.at(-1) ?? ''));
  const plain = [
    ...json,
    ...json.map((each) => each.replaceAll('/', '\\/')),
    ...json.map((each) =>
      each.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ),
    ...asUrl(value),
    escapedForHtml(value, '&quot;', '&#39;'),
    escapedForHtml(value, '&#34;', '&#x27;'),
    escapedForHtml(value, '"', "'"),
    value.replaceAll("'", "'\\''"), // a shell's word
    value.replaceAll("'", "''"), // a text in SQL or YAML
  ];
  const html = plain.slice(-5, -2).map(asJson);
  const wide = Buffer.from(value, 'utf16le'); // as PowerShell encodes a command
  const encoded = [value, ...json.slice(1, 3), encodeURIComponentOr(value), wide].flatMap(asBase64);
  const hex = Buffer.from(value).toString('hex');
  return [...new Set([...plain, ...html, ...encoded, hex, hex.toUpperCase()])];
}

function encodeURIComponentOr(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : text;
}
