import { createHash } from 'node:crypto';
import { UsageError } from '../../cli/errors.ts';
import type { Place } from './tools.ts';

/** What a person has decided about a place: a secret, or none. */
export type Label = 'true' | 'false';

/** Names a place without what stands there: labels are kept by it, and hold no value. */
export function placeFingerprint({ file, line }: Place): string {
  return createHash('sha256').update(`place\0${file}\0${line}`).digest('hex').slice(0, 12);
}

/** Reads labels, one a line: `FINGERPRINT true|false` and why; `#` begins a comment. Throws for a line that is none. */
export function parseLabels(text: string): Map<string, Label> {
  const labels = new Map<string, Label>();
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const { fingerprint = '', label } = /^(?<fingerprint>[0-9a-f]{12}) (?<label>true|false)\b/.exec(line)?.groups ?? {};
    if (label !== 'true' && label !== 'false')
      throw new UsageError(`--labels, line ${index + 1}: write FINGERPRINT true|false WHY`);
    labels.set(fingerprint, label);
  });
  return labels;
}

/** What one tool reported, by the labels. */
export interface Judgement {
  /** Labelled secrets that it found. */
  readonly right: number;
  /** Labelled secrets that it did not find. */
  readonly missed: number;
  /** Reported places that are labelled as no secret. */
  readonly wrong: number;
  /** Reported places without a label. */
  readonly open: readonly Place[];
  /** Of the labelled places that it reported, how many are secrets; `undefined` when it reported none. */
  readonly precision: number | undefined;
}

/** Holds the places that a tool reported against the labels. Several findings of one line are one place. */
export function judged(places: readonly Place[], labels: ReadonlyMap<string, Label>): Judgement {
  const reported = new Map(places.map((place) => [placeFingerprint(place), place]));
  const count = (label: Label) => [...reported.keys()].filter((mark) => labels.get(mark) === label).length;
  const [right, wrong] = [count('true'), count('false')];
  const all = [...labels.values()].filter((label) => label === 'true').length;
  return {
    right,
    missed: all - right,
    wrong,
    open: [...reported].filter(([mark]) => !labels.has(mark)).map(([, place]) => place),
    precision: right + wrong === 0 ? undefined : right / (right + wrong),
  };
}
