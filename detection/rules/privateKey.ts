import type { DetectionRule } from '../finding.ts';
import { entropy } from '../randomness.ts';

const header = /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** What may stand between two pieces of a key: line ends, quotes, plus signs, comment marks, indentation. */
const filler = /[\s"'`+\\,#>|*;()]+/g;

/** A private key: PEM of every kind (one line, quoted lines, cut short), PuTTY, JWK. */
export const privateKey: DetectionRule = {
  id: 'private-key',
  severity: 'error',
  summary: 'private key',
  fix: 'Replace the key pair wherever its public half is trusted, and keep the new private key in 1Password.',
  hints: ['PRIVATE KEY', 'PuTTY-User-Key-File', '"kty"'],
  *find(text) {
    for (const match of text.matchAll(header)) {
      const bodyStart = match.index + match[0].length;
      const rest = text.slice(bodyStart, bodyStart + 20_000);
      const close = rest.search(/-----(?:END|BEGIN)/);
      const end = bodyStart + (close === -1 ? Math.min(rest.length, 4_000) : close);
      const body = text
        .slice(bodyStart, end)
        .replace(/(?:^|\n)[ \t"']*[A-Za-z-]+: [^\n]*/g, '') // Proc-Type, DEK-Info, Version
        .replace(filler, '');
      const key = /^[A-Za-z0-9+/=-]+/.exec(body)?.[0] ?? '';
      if (key.length >= 60 && entropy(key) >= 4) yield { start: match.index, end };
    }
    for (const match of text.matchAll(
      /PuTTY-User-Key-File-\d[\s\S]{0,4000}?Private-Lines: \d+\s+[A-Za-z0-9+/=]{40,}/g,
    )) {
      yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(
      /"kty"\s{0,9}:\s{0,9}"oct"[^{}]{0,500}?"k"\s{0,9}:\s{0,9}"([A-Za-z0-9_-]{16,1000})"|"k"\s{0,9}:\s{0,9}"([A-Za-z0-9_-]{16,1000})"[^{}]{0,500}?"kty"\s{0,9}:\s{0,9}"oct"/g,
    )) {
      if (entropy(match[1] ?? match[2] ?? '') >= 3) yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(
      /"kty"\s*:[^{}]{0,3000}?"d"\s*:\s*"([A-Za-z0-9_-]{32,1000})"|"d"\s*:\s*"([A-Za-z0-9_-]{32,1000})"[^{}]{0,3000}?"kty"/g,
    )) {
      if (entropy(match[1] ?? match[2] ?? '') >= 4) yield { start: match.index, end: match.index + match[0].length };
    }
  },
  *mask(text) {
    yield* this.find(text);
    for (const { index } of text.matchAll(header)) {
      const rest = text.slice(index, index + 20_000);
      const close = /-----END[ A-Z0-9]{0,40}-----/.exec(rest);
      yield { start: index, end: index + (close === null ? rest.length : close.index + close[0].length) };
    }
  },
};
