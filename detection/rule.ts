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

/** Whether a match is an example, or only looks like such a token. */
function isHarmless(token: string, match: RegExpMatchArray, { accept }: TokenShape): boolean {
  // An example says so at its beginning; in the hundreds of characters of a long token any short word turns up by chance.
  if (isPlaceholder(token.slice(0, 60)) || isRegular(token.slice(4)) || isMadeOfWords(token)) return true;
  return accept !== undefined && !accept(match);
}

function* tokens(text: string, shape: TokenShape, examplesToo: boolean): Generator<Span> {
  for (const match of text.matchAll(shape.pattern)) {
    const token = match[1] ?? match[0];
    if (!examplesToo && isHarmless(token, match, shape)) continue;
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
  function* each(text: string, seen: ReadonlySet<string> | undefined, examplesToo: boolean): Generator<Span> {
    const stands = (hint: string) => seen?.has(hint) ?? text.includes(hint);
    for (const shape of rule.shapes) if (shape.hints.some(stands)) yield* tokens(text, shape, examplesToo);
  }
  return {
    id: rule.id,
    severity: rule.severity ?? 'error',
    summary: rule.summary,
    fix: rule.fix ?? moveToVault,
    hints: rule.shapes.flatMap((shape) => shape.hints),
    find: (text, seen) => each(text, seen, false),
    mask: (text, seen) => each(text, seen, true),
  };
}
