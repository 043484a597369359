import type { DetectionRule } from '../finding.ts';
import { isPlaceholder } from '../placeholder.ts';
import { looksRandom } from '../randomness.ts';
import { isStockPassword } from './connectionUrl.ts';

const bearer = /\b(?:Bearer|Token|token|bearer|apikey|ApiKey)\s{1,3}([A-Za-z0-9._~+/=-]{20,2000})/g;
const basic = /\b[Bb]asic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})/g;
const curlUser = /\bcurl\b[^\n]{0,400}?\s(?:-u|--user)[= ]{1,3}["']?([^\s:"'$]{1,100}):([^\s"'$]{4,200})/g;

/** How Docker keeps the sign-in to a registry. */
const registryAuth = /"(?:auth|identitytoken|registrytoken)"\s{0,9}:\s{0,9}"([A-Za-z0-9+/]{12,4000}={0,2})/g;

/** The header itself: whatever it says is a credential. */
const header = /(\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:[A-Za-z]{1,20}\s{1,3})?)[^\s"'<>,;]{6,4000}/gi;

/** Credentials in an HTTP header or on curl's command line. */
export const authorizationHeader: DetectionRule = {
  id: 'authorization-header',
  severity: 'error',
  summary: 'credential in an HTTP header or on a command line',
  fix: 'Revoke it, and read its successor from the environment or from 1Password where the request is made.',
  hints: [
    'earer',
    'oken ',
    'asic',
    'curl',
    'pikey',
    'piKey',
    'uthorization',
    'UTHORIZATION',
    '"auth"',
    'tytoken"',
    'rytoken"',
  ],
  *find(text) {
    for (const match of text.matchAll(bearer)) {
      const token = match[1] ?? '';
      if (token.startsWith('eyJ') || isPlaceholder(token) || !looksRandom(token, 20)) continue;
      yield { start: match.index + match[0].length - token.length, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(basic)) {
      const pair = Buffer.from(match[1] ?? '', 'base64').toString('latin1');
      const password = /^[\x20-\x7e]{1,100}:([\x20-\x7e]{4,300})$/.exec(pair)?.[1];
      if (!password || isStockPassword(password)) continue;
      yield { start: match.index, end: match.index + match[0].length };
    }
    for (const match of text.matchAll(registryAuth)) {
      const pair = Buffer.from(match[1] ?? '', 'base64').toString('latin1');
      const password = /^[\x20-\x7e]{1,100}:([\x20-\x7e]{4,3000})$/.exec(pair)?.[1];
      if (password === undefined ? !looksRandom(match[1] ?? '', 32) : isStockPassword(password)) continue;
      yield { start: match.index + match[0].length - (match[1]?.length ?? 0), end: match.index + match[0].length };
    }
    for (const match of text.matchAll(curlUser)) {
      if (isStockPassword(match[2] ?? '')) continue;
      yield { start: match.index, end: match.index + match[0].length };
    }
  },
  *mask(text) {
    yield* this.find(text);
    for (const match of text.matchAll(header)) {
      yield { start: match.index + (match[1]?.length ?? 0), end: match.index + match[0].length };
    }
  },
};
