import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../components/outputs.ts';

const value = randomBytes(32).toString('hex');

describe('a fingerprint', () => {
  it('is the same for the same value and key, and differs with either', () => {
    expect(fingerprint(value, 'key')).toBe(fingerprint(value, 'key'));
    expect(fingerprint(value, 'key')).not.toBe(fingerprint(value, 'another'));
    expect(fingerprint(value, 'key')).not.toBe(fingerprint(`${value}x`, 'key'));
    expect(fingerprint(value, 'key')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each(['', 'true', 'staging', 'password12345', 'a'.repeat(64), 'https://wnnjeqheqxxyrgsjmygy.supabase.co'])(
    'is not made for what could be guessed: %s',
    (guessable) => {
      expect(fingerprint(guessable, 'key')).toBeUndefined();
    },
  );

  it('is not made without a key', () => {
    expect(fingerprint(value, undefined)).toBeUndefined();
  });
});
