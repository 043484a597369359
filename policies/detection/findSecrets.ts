import { lintSource } from '@secretlint/core';
import { secretLintProfiler } from '@secretlint/profiler';
import type { SecretLintCoreConfigRule, SecretLintRuleCreator } from '@secretlint/types';
import type { DetectionRule, Finding, Span } from './finding.ts';
import { isMadeOfWords, isPlaceholder, isRegular } from './placeholder.ts';
import { presetRules } from './preset.ts';
import { moveToVault } from './rule.ts';
import { nameRules, shapeRules } from './rules/index.ts';
import { base64Texts, unescapedView } from './views.ts';

secretLintProfiler.setEnabled(false); // it keeps an entry for every rule and file

const ownRules = [...shapeRules, ...nameRules];
const byId = new Map(ownRules.map((rule) => [rule.id, rule]));
const rank = new Map(ownRules.map((rule, index) => [rule.id, index]));
const presetRank = shapeRules.length - 0.5; // after every shape of ours, before names

/** One of our rules as secretlint takes it. */
function asSecretlintRule(rule: DetectionRule): SecretLintRuleCreator {
  return {
    messages: { found: { en: () => rule.summary } },
    meta: { id: rule.id, recommended: true, type: 'scanner', supportedContentTypes: ['text'] },
    create(context) {
      const translate = context.createTranslator({ found: { en: () => rule.summary } });
      return {
        file(source) {
          for (const { start, end } of rule.find(source.content, hintsIn(source.content))) {
            context.report({ message: translate('found'), range: [start, end] });
          }
        },
      };
    },
  };
}

const always: SecretLintCoreConfigRule[] = [];
const hinted: { readonly rule: SecretLintCoreConfigRule; readonly hints: ReadonlySet<string> }[] = [];
for (const rule of ownRules) {
  const configured = { id: rule.id, rule: asSecretlintRule(rule), severity: rule.severity };
  if (rule.hints) hinted.push({ rule: configured, hints: new Set(rule.hints) });
  else always.push(configured);
}
const allHints = [...new Set(hinted.flatMap(({ hints }) => [...hints]))].sort((a, b) => b.length - a.length);
const hintPattern = new RegExp(allHints.map((hint) => hint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
/** A hint's own shorter hints: where `secret_` stands, `secret` stands too. */
const beginnings = new Map(allHints.map((hint) => [hint, allHints.filter((other) => hint.startsWith(other))]));

let last: { readonly text: string; readonly seen: ReadonlySet<string> } | undefined;

/** The hints that stand in `text`: looking for all of them at once is far cheaper than running every rule. */
function hintsIn(text: string): ReadonlySet<string> {
  if (last?.text === text) return last.seen;
  const seen = new Set<string>();
  hintPattern.lastIndex = 0;
  for (let match = hintPattern.exec(text); match; match = hintPattern.exec(text)) {
    for (const hint of beginnings.get(match[0]) ?? []) seen.add(hint);
    hintPattern.lastIndex = match.index + 1;
  }
  last = { text, seen };
  return seen;
}

/** The rules that can find something in `text`. */
function rulesFor(text: string): SecretLintCoreConfigRule[] {
  const seen = hintsIn(text);
  return hinted.filter(({ hints }) => [...hints].some((hint) => seen.has(hint))).map(({ rule }) => rule);
}

async function lint(text: string, file: string, rules: SecretLintCoreConfigRule[]): Promise<Finding[]> {
  const result = await lintSource({
    source: { filePath: file, content: text, ext: '', contentType: 'text' },
    options: { config: { rules }, maskSecrets: true, noPhysicFilePath: true },
  });
  return result.messages.flatMap(({ ruleId, range }): Finding[] => {
    const [start, end] = range;
    const own = byId.get(ruleId);
    if (own) return [{ start, end, rule: own.id, severity: own.severity, summary: own.summary, fix: own.fix }];
    const value = text.slice(start, end);
    if (isPlaceholder(value) || isRegular(value.slice(4)) || isMadeOfWords(value)) return [];
    const name = ruleId.replace('@secretlint/secretlint-rule-', '');
    return [{ start, end, rule: `secretlint/${name}`, severity: 'error', summary: `${name} secret`, fix: moveToVault }];
  });
}

function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** One finding a place: where several rules agree, the one that knows most about the value speaks. */
function mostSpecific(findings: readonly Finding[]): Finding[] {
  const ordered = [...findings].sort(
    (a, b) => (rank.get(a.rule) ?? presetRank) - (rank.get(b.rule) ?? presetRank) || a.start - b.start,
  );
  const kept: Finding[] = [];
  for (const finding of ordered) if (!kept.some((other) => overlaps(other, finding))) kept.push(finding);
  return kept.sort((a, b) => a.start - b.start);
}

/** How to look. */
export interface FindOptions {
  /** What the text is called in secretlint's diagnostics; nothing is read from disk. */
  readonly file?: string;
  /** `shapes`: only secrets that are known by their form, not values under a sensitive name. */
  readonly only?: 'shapes';
}

/** Every secret in `text`, with its place. Reads through the escapes of JSON, JavaScript and HTML and through base64. */
export async function findSecrets(text: string, { file = 'text', only }: FindOptions = {}): Promise<Finding[]> {
  const view = unescapedView(text);
  const readable = view?.text ?? text;
  const byName = only === 'shapes' ? [] : always;
  const findings = await lint(readable, file, [...byName, ...rulesFor(readable), ...presetRules]);
  const located = view
    ? findings.map((finding) => ({ ...finding, start: view.origin(finding.start), end: view.origin(finding.end) }))
    : findings;
  for (const encoded of base64Texts(readable)) {
    const inside = rulesFor(encoded.text);
    if (inside.length === 0) continue;
    for (const finding of await lint(encoded.text, file, inside)) {
      const start = view ? view.origin(encoded.start) : encoded.start;
      const end = view ? view.origin(encoded.end) : encoded.end;
      located.push({ ...finding, start, end, summary: `${finding.summary}, in base64` });
    }
  }
  return mostSpecific(located);
}
