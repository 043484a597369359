import { createHmac } from 'node:crypto';

/**
 * A short keyed fingerprint (HMAC-SHA-256, 12 hexadecimal digits): equal values have equal ones, and without the key
 * nobody can test a guess. `undefined` for a value that is guessable at all: one that is not random for most of its
 * length, such as a name, an address or a password that a person made up.
 */
export function fingerprint(value: string, key: string | undefined): string | undefined {
  if (key === undefined || !looksRandom(value)) return undefined;
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 12);
}

/** Whether a value, less words before it (`sk-proj-`), is made as a machine makes tokens and keys; of an address its last part. */
function looksRandom(value: string): boolean {
  const part = value.includes('://') ? (value.split(/[/?#]/).findLast((each) => each !== '') ?? '') : value;
  const core = part.replace(/^(?:[a-z]+[_-])+/, '').replace(/[^A-Za-z0-9]/g, '');
  // No text of fewer than 16 characters has as many.
  if (bitsOf(core) < 64) return false;
  if (/^[0-9a-f]{32,}$/i.test(core)) return true;
  // Words and dates run on in one kind of letter; random text goes from small to capital to digit all the time.
  const changes = core.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  return changes.length >= core.length * 0.3;
}

/** Shannon's estimate of the information in a text, in bits, from how often each character occurs. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / text.length), 0);
}
