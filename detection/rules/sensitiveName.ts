import type { DetectionRule, Span } from '../finding.ts';
import { isIdentifyingName, isSensitiveAt, sensitiveWord } from '../names.ts';
import { nestedKeys } from '../nestedKeys.ts';
import { isPublishedBeside } from '../published.ts';
import { moveToVault } from '../rule.ts';
import { isSecretValue } from '../secretValue.ts';

/** From a name to its value, in one line or the next: `=`, `: `, `": "`, `: string = `, `, "`, `>`, ` || '`, a table's bar. */
const direct =
  /["'`*_)\]}]{0,4}(?:[ \t]{0,80}(?::[ \t]{0,80}[\w<>[\]|&? ]{1,40}?|[ \t]\[?\]?[A-Za-z]\w{1,15})?[ \t]{0,80}(?:=>|:=|\?\?=|={1,3}|\?=)|[ \t]{0,80}(?:[:,>(|]|->|\|\||\?\?)|[ \t]{1,80}(?:is|to|was)\b:?|[ \t])[ \t]{0,80}(?:(?:[&!]{1,2}[^\s&!]{1,40}[ \t]{1,3}){1,2}|[|>][-+]?[ \t]{0,80})?(?:\r?\n[ \t]{0,80}(?:- {1,3})?)?(?:(?:String|Buffer\.from|ref|atob|Some|[\w.]{0,20}(?:[Ss]ecret(?:Str(?:ing)?)?|[Dd]ecode))\()?[*_([{]{0,2}(?:["'`]{1,3}(?=[^"'`])|(?=[^\s"'`]))/y;

/** The same without a type between: where `direct` takes a value that ends in `==` for the type. */
const plain = /["'`]?[ \t]{0,80}[:=][ \t]{0,80}["'`]?(?=[^\s"'`])/y;

/** From a name that stands as a value itself to the value beside it: `name: X ⏎ value: Y`, `key="X" value="Y"`, `env.X || 'Y'`. */
const paired =
  /["'`]?\)?[,;]?\s{0,40}-?\s{0,3}["'`]?(?:value|default|defaultValue|default_value|content|secretValue|plaintext|stringValue)["'`]?\s{0,3}[:=>]{1,2}\s{0,3}["'`]?(?=[^\s"'`])/y;
/** From the name of a declaration to its value within: Terraform's `variable "X" { default = "Y" }`, C#'s `X { get; set; } = "Y"`, `<key>X</key><string>Y`. */
const declared =
  /(?:"\s{0,3}\{[^{}]{0,400}?\bdefault\s{0,40}=\s{0,3}|\s{0,3}\{\s{0,3}get;[^{}]{0,40}\}\s{0,3}=\s{0,3}|<\/key>\s{0,40}<string>)"?(?=[^\s"'`])/y;
const fallback = /["'`]?[\])]{0,2}\s{0,3}(?:\|\||\?\?|or|,|:-)\s{0,3}["'`]?(?=[^\s"'`])/y;

const quotedValue = /[^"'`\r\n]{6,300}/y;
const bareValue = /[^\s"'`<>,;|(){}[\]]{6,300}/y;

const crossesLines = /\r?\n[ \t]*(?:- {1,3})?$/;

/** The next line is a setting of its own, or a comment. The `=` that pads base64 sets nothing. */
const ownLine = /^[A-Za-z_][\w.-]*\s*[=:](?!=*$)|^#/;

function valueAt(text: string, from: number, connector: RegExp): Span | undefined {
  connector.lastIndex = from;
  const link = connector.exec(text);
  if (!link) return undefined;
  const start = from + link[0].length;
  const quoted = /["'`]$/.test(link[0]);
  const pattern = quoted ? quotedValue : bareValue;
  pattern.lastIndex = start;
  const value = pattern.exec(text)?.[0];
  if (!value) return undefined;
  if (!quoted && crossesLines.test(link[0]) && ownLine.test(value)) return undefined;
  if (/=[ \t]*\r?\n$/.test(link[0])) return undefined; // an empty line of an environment file; the next line is another's
  if (/(?:\.\.\.|…)$/.test(value) || text.startsWith('...', start + value.length)) return undefined; // cut short
  const kept = quoted ? value : value.replace(/[.:!?*_\\]+$/, '');
  return { start, end: start + kept.length };
}

/** Judges a value under a name; a text that repeats itself is judged once. */
function createJudge(): (name: string, value: string) => boolean {
  const verdicts = new Map<string, boolean>();
  return (name, value) => {
    const key = `${name}\0${value}`;
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = isSecretValue(name, value);
    if (verdicts.size < 1000) verdicts.set(key, verdict);
    return verdict;
  };
}

type Judge = ReturnType<typeof createJudge>;

/** The secret that the first fitting connector leads to. */
function* secretAt(
  text: string,
  name: string,
  from: number,
  connectors: readonly RegExp[],
  isSecret: Judge,
): Generator<Span> {
  for (const connector of connectors) {
    const span = valueAt(text, from, connector);
    if (!span || !isSecret(name, text.slice(span.start, span.end))) continue;
    yield span;
    return;
  }
}

const listOpens = /["'`]?[ \t]{0,80}[:=][ \t]{0,80}\[\s{0,80}/y;
const listItem = /["'`]([^"'`\r\n]{6,300})["'`]\s{0,80},?\s{0,80}/y;
const blockOpens = /["']?[ \t]{0,80}:[ \t]{0,80}\r?\n(?=[ \t]{0,80}- )/y;
const blockItem = /[ \t]{0,80}- {1,3}["']?([^\s"'#]{6,300})["']?[ \t]{0,80}(?:#[^\r\n]{0,200})?(?:\r?\n|$)/y;
const longestList = 20;

/** The secrets of a list under a name: `tokens: ["X", "Y"]`, or one a line after a hyphen. */
function* listedSecrets(text: string, name: string, from: number, isSecret: Judge): Generator<Span> {
  for (const [opens, item] of [
    [listOpens, listItem],
    [blockOpens, blockItem],
  ] as const) {
    opens.lastIndex = from;
    if (!opens.test(text)) continue;
    item.lastIndex = opens.lastIndex;
    for (let count = 0; count < longestList; count++) {
      const at = item.lastIndex;
      const match = item.exec(text);
      if (match === null) break;
      const value = match[1] ?? '';
      const start = at + match[0].indexOf(value);
      if (isSecret(name, value)) yield { start, end: start + value.length };
    }
  }
}

/** The secrets of one name, wherever their values stand: beside it, in a list, nested below it. */
function* secretsOf(text: string, name: string, start: number, end: number, isSecret: Judge): Generator<Span> {
  yield* secretAt(text, name, end, [paired, declared, fallback, direct, plain], isSecret);
  yield* listedSecrets(text, name, end, isSecret);
  for (const key of nestedKeys(text, start, end)) yield* secretAt(text, name, key, [direct, plain], isSecret);
}

const identifierBefore = /[A-Za-z0-9_.\-$]{0,60}$/;
const identifierAfter = /[A-Za-z0-9_-]{0,40}/y;

/** A value that looks made by a generator, beside a name that says it is secret. The last resort: any vendor, any format. */
export const sensitiveName: DetectionRule = {
  id: 'secret-under-sensitive-name',
  severity: 'error',
  summary: 'high-entropy value under a sensitive name',
  fix: moveToVault,
  *find(text) {
    const isSecret = createJudge();
    for (const match of text.matchAll(sensitiveWord)) {
      const before = identifierBefore.exec(text.slice(Math.max(0, match.index - 60), match.index))?.[0] ?? '';
      const wordEnd = match.index + match[0].length;
      identifierAfter.lastIndex = wordEnd;
      const after = identifierAfter.exec(text)?.[0] ?? '';
      const name = before + match[0] + after;
      if (!isSensitiveAt(name, before.length + match[0].length) || isIdentifyingName(name)) continue;
      if (text.slice(match.index - 5, match.index) === '.svg?') continue; // a badge's address is made to be shown
      const end = wordEnd + after.length;
      for (const span of secretsOf(text, name, match.index - before.length, end, isSecret)) {
        if (!isPublishedBeside(text, name, span)) yield span;
      }
    }
  },
};
