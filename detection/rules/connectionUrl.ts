import type { DetectionRule } from '../finding.ts';
import { isPlaceholder } from '../placeholder.ts';
import { looksRandom, wordShare } from '../randomness.ts';

const url =
  /(?<![A-Za-z0-9+-])([a-z][a-z0-9+-]{1,24}):\/\/([^\s:/@"'`<>\\]{0,100}):([^\s/"'`<>\\]{1,300})@(\[?[A-Za-z0-9._:-]+\]?|\$\{?[\w.]+\}?)/gi;

/** Passwords that documentation and local set-ups use; leet digits are read as letters before the look-up. */
const stockWords =
  /^(?:(?:my|your|the|some|super|very|db|app|client|dev|local|test|user|admin|root)?[-_.]?(?:password|passwd|passwort|pass|pwd|pw|secret|token|key|credentials?|apikey|accesstoken)[-_.!]?\d{0,4}!?)$|^(?:postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|rabbitmq|guest|root|admin|administrator|user|username|test|testing|dev|develop|development|local|localhost|demo|default|changeit|letmein|welcome|qwerty|foo|bar|baz|foobar|hello|docker|app|none|null|undefined|x-oauth-basic|p)\d{0,4}!?$/i;

/** A token in the place of the user: `https://TOKEN@host`. */
const tokenAsUser =
  /(?<![A-Za-z0-9+-])https?:\/\/([A-Za-z0-9_.~-]{16,300})(?::(?:x-oauth-basic)?)?@[A-Za-z0-9.-]{1,253}/gi;

/** Up to the last `@` of the word: a password that nobody encoded may hold one, and slashes. */
const untilLastAt = /(?<![A-Za-z0-9+-])([a-z][a-z0-9+-]{1,24}:\/\/[^\s:/@"'`<>\\]{0,100}:)([^\s"'`<>]{1,500})@/gi;

/** Whether a password is one that everybody knows or one that stands for another. */
export function isStockPassword(password: string): boolean {
  if (isPlaceholder(password)) return true;
  const plain = password.replaceAll('0', 'o').replaceAll('@', 'a').replaceAll('$', 's').replaceAll('3', 'e');
  if (stockWords.test(password) || stockWords.test(plain)) return true;
  return /^[a-z_-]+$/.test(password) && password.length < 16 && wordShare(password) >= 0.6;
}

/** An address with a password in it: databases, queues, caches, and HTTP with basic authentication. */
export const connectionUrl: DetectionRule = {
  id: 'url-with-password',
  severity: 'error',
  summary: 'address with a password in it (database, queue or basic authentication)',
  fix: 'Change the password, keep the address in 1Password, and refer to it as op://vault/item/field.',
  hints: ['://'],
  *find(text) {
    if (!text.includes('@')) return;
    for (const match of text.matchAll(url)) {
      const password = match[3] ?? '';
      if (isStockPassword(decode(password)) || /[{}[\]<>*]/.test(password)) continue;
      if (password.includes('//')) continue;
      yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(tokenAsUser)) {
      const token = match[1] ?? '';
      if (isPlaceholder(token) || !looksRandom(token) || isPublicPart(token)) continue;
      yield { start: match.index, end: match.index + match[0].length };
    }
  },
  *mask(text) {
    for (const match of text.matchAll(tokenAsUser)) {
      yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(untilLastAt)) {
      const start = match.index + (match[1]?.length ?? 0);
      yield { start, end: start + (match[2]?.length ?? 0) };
    }
  },
};

/** What error-tracking services print in every page: `https://PUBLIC@o123.ingest.sentry.io/1` has 32 hexadecimal digits. */
function isPublicPart(token: string): boolean {
  return /^[0-9a-f]{32}$/.test(token);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
