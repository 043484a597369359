import { harmlessForms, isPasswordName } from './harmlessValue.ts';
import { isPlaceholder } from './placeholder.ts';
import { classCount, entropy, looksRandom, wordShare } from './randomness.ts';
import { isStockPassword } from './rules/connectionUrl.ts';

const uuid = /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const strongName =
  /(?:api|secret|access|private|auth|master|license)[_\-. ]?key|client[_\-. ]?secret|passw|(?:access|auth|api|server|deploy|bot|refresh|account)[_\-. ]?token/i;
const strongVariable = /[A-Z]_(?:TOKEN|SECRET)$/;

const forms = Object.values(harmlessForms);

/** Whether a value under a sensitive name is the secret itself. */
export function isSecretValue(name: string, raw: string): boolean {
  const value = raw.trim();
  if (/\s/.test(value) || isPlaceholder(value) || forms.some((form) => form(value, name))) return false;
  if (uuid.test(value))
    return !value.startsWith('urn:') && (strongName.test(name) || strongVariable.test(name)) && entropy(value) > 3;
  if (spellsWords(value)) return false;
  if (isPasswordName(name) && isChosenPassword(value)) return true;
  if (/[[\]{}\\<>"]|[,;]\w+=/.test(value)) return false; // a pattern, a template, a list of options
  return looksRandom(value.replace(/^base64:/, ''), 16);
}

/** Base64 of prose, of names, of a password that everybody knows. */
function spellsWords(value: string): boolean {
  const text = /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('latin1') : '';
  if (!/^[\x20-\x7e]{6,}$/.test(text)) return false;
  const isProse = text.split(' ').length > 2 && wordShare(text) > 0.4;
  return isProse || isStockPassword(text) || (text.length >= 12 && /[a-z]{4}/i.test(text) && wordShare(text) > 0.7);
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
