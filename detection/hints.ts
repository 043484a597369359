import type { DetectionRule } from './finding.ts';

/** The hints that stand in a text. Looking for all of them at once is far cheaper than running every rule. */
export type HintSearch = (text: string) => ReadonlySet<string>;

/** A search for the hints of these rules; it keeps the answer for the last text, for whoever asks again. */
export function createHintSearch(rules: readonly DetectionRule[]): HintSearch {
  const all = [...new Set(rules.flatMap(({ hints = [] }) => hints))].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(all.map((hint) => hint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  /** A hint's own shorter hints: where `secret_` stands, `secret` stands too. */
  const beginnings = new Map(all.map((hint) => [hint, all.filter((other) => hint.startsWith(other))]));
  let last: { readonly text: string; readonly seen: ReadonlySet<string> } | undefined;
  return (text) => {
    if (last?.text === text) return last.seen;
    const seen = new Set<string>();
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      for (const hint of beginnings.get(match[0]) ?? []) seen.add(hint);
      pattern.lastIndex = match.index + 1;
    }
    last = { text, seen };
    return seen;
  };
}
