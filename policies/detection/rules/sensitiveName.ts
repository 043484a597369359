import type { DetectionRule, Span } from '../finding.ts';
import { isSensitiveAt, sensitiveWord } from '../names.ts';
import { nestedKeys } from '../nestedKeys.ts';
import { isPlaceholder } from '../placeholder.ts';
import { classCount, entropy, looksRandom, wordShare } from '../randomness.ts';
import { moveToVault } from '../rule.ts';
import { isStockPassword } from './connectionUrl.ts';

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
const uuid = /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const strongName =
  /(?:api|secret|access|private|auth|master|license)[_\-. ]?key|client[_\-. ]?secret|passw|(?:access|auth|api|server|deploy|bot|refresh|account)[_\-. ]?token/i;
const strongVariable = /[A-Z]_(?:TOKEN|SECRET)$/;

/** Whether a value under a sensitive name is the secret itself. */
export function isSecretValue(name: string, raw: string): boolean {
  const value = raw.trim();
  if (/\s|=[^=]+=[^=]|^[a-z]\w{0,20}=[^=]/i.test(value) || isPlaceholder(value)) return false;
  if (
    // Base64 spells short words by chance, between + and / too.
    /(?<![a-z0-9+/])(?:test|tests|testing|mock|fake|dummy|stub|demo|foo|bar|invalid|expected|correct|wrong|fixture)(?![a-z0-9+/])/i.test(
      value,
    )
  )
    return false;
  if (/^eyJ[\w-]+\.eyJ/.test(value)) return false; // the rules for JSON Web Tokens decide
  if (isTokenHeader(value) || isFileName(value) || isWordsAndNumbers(value) || isFingerprint(name, value)) return false;
  if (/^(?:sb_publishable_|pk_(?:live|test)_|pk\.eyJ|phc_|(?:AKIA|ASIA)[A-Z0-9]{16}$)/.test(value)) return false;
  if (/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.,+Z-]*)?$/.test(value)) return false; // when it was changed
  if (uuid.test(value))
    return !value.startsWith('urn:') && (strongName.test(name) || strongVariable.test(name)) && entropy(value) > 3;
  if (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ||
    (/^(?:\.{0,2}|~|[A-Za-z]:)[/\\]/.test(value) && value.split(/[/\\]/).length > 2 && wordShare(value) > 0.4)
  )
    return false;
  if (/^[\w$]+(?:\.[A-Za-z_$][\w$]*)+(?:\(.*)?$/.test(value) && wordShare(value) > 0.3) return false; // a.member.access
  if (/^0x[0-9a-f]{40}$/i.test(value) || /-v?\d{1,4}(?:\.\d{1,6}){2}$/.test(value)) return false; // an address in a public ledger, a version
  if (/^[a-z]{1,12}\d{0,2}(?:[A-Z][a-z]{2,}){2,}$/.test(value)) return false; // anIdentifier
  const encoded = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('latin1') : '';
  if (/^[\x20-\x7e]{6,}$/.test(encoded)) {
    const isProse = encoded.split(' ').length > 2;
    if (isProse || isStockPassword(encoded) || wordShare(encoded) > 0.7) return false;
  }
  if (passwordName.test(name) && isChosenPassword(value)) return true;
  if (/[[\]{}\\<>"]|[,;]\w+=/.test(value)) return false; // a pattern, a template, a list of options
  return looksRandom(value.replace(/^base64:/, ''), 16);
}

/** Names of passwords, in the languages in which the names are searched for. */
const passwordName =
  /pass|pwd|kennwort|mdp|contrase|senha|wachtwoord|has[łl]o|l[öo]senord|adgangskode|salasana|пароль/i;

/** The first part of a JSON Web Token alone: what it says is public. */
function isTokenHeader(value: string): boolean {
  return (
    /^eyJ[\w-]{8,}$/.test(value) && /^\{"(?:alg|typ|kid|cty)"/.test(Buffer.from(value, 'base64url').toString('latin1'))
  );
}

/** `21-some-page-1234567890.jpg` */
function isFileName(value: string): boolean {
  return /\.(?:jpe?g|png|gif|webp|svg|ico|pdf|mp[34]|webm|html?|s?css|[cm]?[jt]sx?|json|ya?ml|toml|md|txt|csv|sql|zip|tar|log|xml|docx?|xlsx?|pptx?|py|go|rs|sh|pem|crt|key)$/i.test(
    value,
  );
}

/** Words, numbers and dates between marks: `region_layout_v2026_05`. A generator makes no words. */
function isWordsAndNumbers(value: string): boolean {
  const parts = value.split(/[_\-./:]/);
  if (parts.length < 3 || !parts.every((part) => /^(?:[A-Za-z]{1,24}|v?\d{1,14}|[A-Za-z]{2,24}\d{1,2})$/.test(part)))
    return false;
  const words = parts.filter((part) => /^[A-Za-z]{3,}/.test(part));
  return words.length >= 2 && wordShare(words.join('_')) >= 0.6;
}

/** The name of a public key, by which GnuPG and git find it. */
function isFingerprint(name: string, value: string): boolean {
  return (
    /(?:gpg|pgp)[_\-. ]?(?:signing[_\-. ]?)?key|(?:^|\.)signingkey$/i.test(name) &&
    /^(?:0x)?(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40})$/i.test(value)
  );
}

/** A password that a person or a generator chose: short, but of several kinds of characters and not made of words. */
function isChosenPassword(value: string): boolean {
  if (value.length < 8 || value.length > 64 || isStockPassword(value)) return false;
  if (/[(){}[\]<>;]/.test(value) || /^[/.~]/.test(value)) return false;
  if (/pass|word|admin|secret|token|welcome|qwerty|letmein|user|login|hunter|monkey|dragon|abc|123/i.test(leet(value)))
    return false;
  const kinds = classCount(value);
  return kinds >= 3 && /\d/.test(value) && entropy(value) >= 2.7 && wordShare(value) < (kinds === 4 ? 0.8 : 0.5);
}

function leet(text: string): string {
  return text.replaceAll('0', 'o').replaceAll('@', 'a').replaceAll('$', 's').replaceAll('3', 'e').replaceAll('4', 'a');
}

const crossesLines = /\r?\n/;

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
  if (!quoted && crossesLines.test(link[0]) && /^[A-Za-z_][\w.-]*\s*[=:]|^[#/]/.test(value)) return undefined;
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

/**
 * Whether what stands around says that the value is published or encrypted: the search key of Algolia's DocSearch, and what
 * Renovate keeps under `encrypted`.
 */
function isPublishedBeside(text: string, name: string, at: number): boolean {
  if (/^(?:search)?api[_-]?key$/i.test(name)) {
    const around = text.slice(Math.max(0, at - 300), at + 300);
    if (/\bindexName\b/.test(around) && /\bapp(?:lication)?Id\b|docsearch|algolia/i.test(around)) return true;
  }
  return /"encrypted"\s{0,9}:\s{0,9}\{[^{}]{0,600}$/.test(text.slice(Math.max(0, at - 700), at));
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
      if (!isSensitiveAt(name, before.length + match[0].length)) continue;
      if (text.slice(match.index - 5, match.index) === '.svg?') continue; // a badge's address is made to be shown
      const end = wordEnd + after.length;
      if (isPublishedBeside(text, name, match.index)) continue;
      yield* secretAt(text, name, end, [paired, declared, fallback, direct, plain], isSecret);
      yield* listedSecrets(text, name, end, isSecret);
      for (const key of nestedKeys(text, match.index - before.length, end)) {
        yield* secretAt(text, name, key, [direct, plain], isSecret);
      }
    }
  },
};
