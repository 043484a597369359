import type { DetectionRule, Severity, Span } from './finding.ts';
import { isMadeOfWords, isPlaceholder, isRegular } from './placeholder.ts';

/** The usual advice: where the value belongs, and that what was once written down must be replaced. */
export const moveToVault =
  'Put the value into 1Password, refer to it as op://vault/item/field, and revoke the one that was written here.';

/** A token with a shape of its own: a pattern whose first group, or else the whole match, is the secret. */
export interface TokenShape {
  readonly pattern: RegExp;
  /** Literals of which one stands in every match. */
  readonly hints: readonly string[];
  /** Whether a match that has the shape is really a secret. */
  readonly accept?: (match: RegExpMatchArray) => boolean;
}

/** The places of every token of this shape that is not an example. */
export function* findTokens(text: string, shape: TokenShape): Generator<Span> {
  for (const match of text.matchAll(shape.pattern)) {
    const token = match[1] ?? match[0];
    // An example says so at its beginning; in the hundreds of characters of a long token any short word turns up by chance.
    if (isPlaceholder(token.slice(0, 60)) || isRegular(token.slice(4)) || isMadeOfWords(token)) continue;
    if (shape.accept && !shape.accept(match)) continue;
    const start = match.index + match[0].indexOf(token);
    yield { start, end: start + token.length };
  }
}

/** A rule over one or more token shapes. */
export function tokenRule(rule: {
  readonly id: string;
  readonly summary: string;
  readonly fix?: string;
  readonly severity?: Severity;
  readonly shapes: readonly TokenShape[];
}): DetectionRule {
  return {
    id: rule.id,
    severity: rule.severity ?? 'error',
    summary: rule.summary,
    fix: rule.fix ?? moveToVault,
    hints: rule.shapes.flatMap((shape) => shape.hints),
    *find(text, seen) {
      const stands = (hint: string) => seen?.has(hint) ?? text.includes(hint);
      for (const shape of rule.shapes) if (shape.hints.some(stands)) yield* findTokens(text, shape);
    },
  };
}
