import type { Span } from '../finding.ts';

/**
 * The spans of which none overlaps another, in the order of the text: of two that do, the one of the lower rank stays.
 * Sorts and searches by halves, so that a text with ten thousand secrets takes no longer than its size.
 */
export function withoutOverlaps<Each extends Span>(spans: readonly Each[], rankOf: (span: Each) => number): Each[] {
  const byRank = new Map<number, Each[]>();
  for (const span of spans) {
    const rank = rankOf(span);
    const same = byRank.get(rank);
    if (same === undefined) byRank.set(rank, [span]);
    else same.push(span);
  }
  let kept: Each[] = [];
  for (const rank of [...byRank.keys()].sort((a, b) => a - b)) kept = merge(kept, byRank.get(rank) ?? []);
  return kept;
}

/** What is kept already, and of `others` what overlaps neither it nor an earlier one of them. */
function merge<Each extends Span>(kept: readonly Each[], others: readonly Each[]): Each[] {
  const result: Each[] = [];
  let next = 0;
  let end = -1;
  for (const span of [...others].sort((a, b) => a.start - b.start)) {
    for (let before = kept[next]; before !== undefined && before.start < span.start; before = kept[++next]) {
      result.push(before);
      end = before.end;
    }
    const after = kept[next];
    if (span.start < end || (after !== undefined && after.start < span.end)) continue;
    result.push(span);
    end = span.end;
  }
  return [...result, ...kept.slice(next)];
}

/** `text` with each of these spans (without overlaps, in order) replaced by `mask`. */
export function replaceSpans(text: string, spans: readonly Span[], mask: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(at, start), mask);
    at = end;
  }
  return [...parts, text.slice(at)].join('');
}

/** The spans in the order of the text, those that touch or overlap as one. */
export function merged(spans: readonly Span[]): Span[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
