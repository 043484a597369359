import type { Span } from '../finding.ts';
import { withoutOverlaps } from './spans.ts';
import { spellings } from './spellings.ts';

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
const shortestValue = 8;

/** The value as a whole, and a key of several lines line by line too, as it is often kept. */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.trim().length >= 24);
  return [value, value.trim(), ...(lines.length > 1 ? lines : [])];
}

/**
 * A function that finds every place of the given values in a text, in any spelling; places may overlap. Values shorter than
 * `shortest` characters are left out.
 */
export function valueFinder(values: readonly KnownValue[], shortest: number): (text: string) => KnownValueFound[] {
  const names = new Map<string, string>();
  for (const known of values) {
    const value = known.reveal();
    if (value.trim().length < shortest) continue;
    for (const spelling of partsOf(value).flatMap(spellings)) {
      if (spelling.length >= shortest && !names.has(spelling)) names.set(spelling, known.name);
    }
  }
  return (text) => {
    const found: KnownValueFound[] = [];
    for (const [spelling, name] of names) {
      for (let at = text.indexOf(spelling); at !== -1; at = text.indexOf(spelling, at + spelling.length)) {
        found.push({ name, start: at, end: at + spelling.length });
      }
    }
    return found;
  };
}

/** The same without overlaps: of two spellings at one place the longer stays, because it covers more of the value. */
export function valueSearch(values: readonly KnownValue[]): (text: string) => KnownValueFound[] {
  const find = valueFinder(values, shortestValue);
  return (text) => withoutOverlaps(find(text), ({ start, end }) => start - end);
}
