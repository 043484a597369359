import type { DetectionRule } from '../../../detection/finding.ts';

/** Beginnings of what rules without a hint look for. */
const beginnings = ['password', 'token=', 'api_key: {', 'secret: ', 'a://b:', '-----BEGIN ', 'eyJ', '"key": "'];

/** One line of `size` characters: `head` once, then `body` over and over. */
function line(head: string, body: string, size: number): string {
  return (head + body.repeat(Math.ceil((size - head.length) / body.length))).slice(0, size);
}

/** How a line is made, by a name of its own, for any size. */
export interface AdversarialLine {
  readonly name: string;
  readonly make: (size: number) => string;
}

/** What follows a beginning, once for the whole line or again and again: what patterns take, and what ends them. */
const bodies = ['a', '-a'];

/** Lines of nothing but what might be the beginning or the middle of a secret. */
function linesOf(words: readonly string[]): AdversarialLine[] {
  return words.flatMap((word) => [
    ...bodies.map((body) => ({
      name: `${JSON.stringify(word)}, then ${JSON.stringify(body)} for ever`,
      make: (size: number) => line(word, body, size),
    })),
    ...['', 'a'.repeat(40), '.a'].map((body) => ({
      name: `${JSON.stringify(word + body)} for ever`,
      make: (size: number) => line('', word + body, size),
    })),
  ]);
}

/** Lines for one rule: of its own hints, or of what rules without hints look for; and every rule gets `bodies` alone. */
export function linesFor({ hints }: Pick<DetectionRule, 'hints'>): AdversarialLine[] {
  return linesOf(hints ?? beginnings).concat(
    [...bodies, ' ', '\\', '&', '"', '{', '@', '.a', '/'].map((body) => ({
      name: `${JSON.stringify(body)} for ever`,
      make: (size: number) => line('', body, size),
    })),
  );
}
