import type { DetectionRule, Finding, Span } from './finding.ts';
import { createHintSearch } from './hints.ts';
import { nameRules, shapeRules } from './rules/index.ts';
import { withoutOverlaps } from './text/spans.ts';
import { encodedTexts } from './text/encodedTexts.ts';
import { unescapedView, unpercentedView } from './text/views.ts';

/** Every rule, most specific first: where several find the same place, the first one names it. */
const rules: readonly DetectionRule[] = [...shapeRules, ...nameRules];
const rank = new Map(rules.map((rule, index) => [rule.id, index]));
const hintsIn = createHintSearch(rules);

/** The rules that look at every text, and those whose hint stands in this one. */
function rulesFor(seen: ReadonlySet<string>, from: readonly DetectionRule[]): DetectionRule[] {
  return from.filter(({ hints }) => hints === undefined || hints.some((hint) => seen.has(hint)));
}

function* run(text: string, from: readonly DetectionRule[]): Generator<Finding> {
  const seen = hintsIn(text);
  for (const rule of rulesFor(seen, from)) {
    const { id, severity, summary, fix } = rule;
    for (const { start, end } of rule.find(text, seen)) yield { start, end, rule: id, severity, summary, fix };
  }
}

/** How to look. */
export interface FindOptions {
  /** `shapes`: only secrets that are known by their form, not values under a sensitive name. */
  readonly only?: 'shapes';
  /** The path of the file that holds the text, for verdicts that depend on it. */
  readonly file?: string;
}

/** Every secret in `text`, with its place. Reads through the escapes of JSON, JavaScript, HTML and addresses, base64 and hexadecimal digits. */
export function findSecrets(text: string, { only }: FindOptions = {}): Finding[] {
  const view = unescapedView(text);
  const readable = view?.text ?? text;
  const origin = ({ start, end }: Span): Span =>
    view === undefined ? { start, end } : { start: view.origin(start), end: view.origin(end) };
  const found: Finding[] = [];
  for (const finding of run(readable, only === 'shapes' ? shapeRules : rules)) {
    found.push({ ...finding, ...origin(finding) });
  }
  const unpercented = unpercentedView(readable);
  if (unpercented) {
    for (const finding of run(unpercented.text, shapeRules)) {
      const [start, end] = [unpercented.origin(finding.start), unpercented.origin(finding.end)];
      found.push({ ...finding, ...origin({ start, end }) });
    }
  }
  for (const { text: decoded, encoding, ...place } of encodedTexts(readable)) {
    for (const finding of run(decoded, shapeRules)) {
      found.push({ ...finding, ...origin(place), summary: `${finding.summary}, in ${encoding}` });
    }
  }
  return withoutOverlaps(found, ({ rule }) => rank.get(rule) ?? rank.size);
}
