/** How much a finding weighs: only errors make a command fail. */
export type Severity = 'error' | 'warning';

/** Half-open range of character offsets in the text that was searched. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One secret in one text. It never carries the value, only where it stands. */
export interface Finding extends Span {
  /** Kebab-case name of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** What was found, in a few words, without the value. */
  readonly summary: string;
  /** What the reader should do about it. */
  readonly fix: string;
}

/** One kind of secret: what it is called, what to do about it, and how to find it in a text. */
export interface DetectionRule {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly fix: string;
  /** Literals of which at least one stands in every text with such a secret. Absent: the rule looks at every text. */
  readonly hints?: readonly string[];
  /** The places in `text`; `seen` are the hints that stand in it, where the caller has looked for them already. */
  find(text: string, seen?: ReadonlySet<string>): Iterable<Span>;
  /** What redaction masks, where that is more than `find`: whatever has the shape, an example too. */
  mask?(text: string, seen?: ReadonlySet<string>): Iterable<Span>;
}
