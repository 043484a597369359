import type { Span } from './finding.ts';

/** A value to look for, by a name that may be shown. `reveal` is called once, when the search is prepared. */
export interface KnownValue {
  readonly name: string;
  reveal(): string;
}

/** Where a known value stands, and which. */
export interface KnownValueFound extends Span {
  readonly name: string;
}

/** Shorter values are words: they stand everywhere and say nothing. */
const shortest = 8;

/** The spellings in which a value travels: as it is, as JSON and URLs escape it, as base64 at each of its three alignments. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((shift * 8) / 6);
    const last = encoded.length - ((shift + bytes.length) % 3 === 0 ? 0 : 1);
    return encoded.slice(first, last); // only the characters that this value alone decides
  });
  const lines = value.split(/\r?\n/).filter((line) => line.trim().length >= 24); // a key is often kept line by line
  return [
    value,
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
    encodeURIComponent(value),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...(lines.length > 1 ? lines : []),
  ];
}

/** A function that finds the given values in a text, in any spelling. Values that are too short to tell are left out. */
export function valueSearch(values: readonly KnownValue[]): (text: string) => KnownValueFound[] {
  const names = new Map<string, string>();
  for (const known of values) {
    const value = known.reveal();
    if (value.trim().length < shortest) continue;
    for (const spelling of spellings(value)) {
      if (spelling.length >= shortest && !names.has(spelling)) names.set(spelling, known.name);
    }
  }
  return (text) => {
    const found: KnownValueFound[] = [];
    for (const [spelling, name] of names) {
      for (let at = text.indexOf(spelling); at !== -1; at = text.indexOf(spelling, at + spelling.length)) {
        if (!found.some(({ start, end }) => at < end && start < at + spelling.length)) {
          found.push({ name, start: at, end: at + spelling.length });
        }
      }
    }
    return found.sort((a, b) => a.start - b.start);
  };
}
