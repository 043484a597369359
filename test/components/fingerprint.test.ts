import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fingerprint } from '../../secrets/fingerprint.ts';

const value = randomBytes(32).toString('hex');

describe('a fingerprint', () => {
  it('is the same for the same value and key, and differs with either', () => {
    expect(fingerprint(value, 'key')).toBe(fingerprint(value, 'key'));
    expect(fingerprint(value, 'key')).not.toBe(fingerprint(value, 'another'));
    expect(fingerprint(value, 'key')).not.toBe(fingerprint(`${value}x`, 'key'));
    expect(fingerprint(value, 'key')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ...[
      '',
      'true',
      'staging',
      'password12345',
      'a'.repeat(64),
      '0'.repeat(40),
      'https://wnnjeqheqxxyrgsjmygy.supabase.co',
    ],
    ...[
      'allincompassing-staging',
      'gpt-4o-mini-2024-07-18',
      'https://api.openai.com/v1',
      'noreply@allincompassing.com',
    ],
    ...['Summer2026!Summer2026!', 'correct horse battery staple', 'arn:aws:s3:::allincompassing-uploads-staging'],
  ])('is not made for what could be guessed: %s', (guessable) => {
    expect(fingerprint(guessable, 'key')).toBeUndefined();
  });

  it.each([
    ['a key with words before it', () => `sk-proj-${randomBytes(36).toString('base64url')}`],
    ['a token in hexadecimal digits', () => `sbp_${randomBytes(20).toString('hex')}`],
    ['a UUID', () => randomUUID()],
    [
      'the secret part of an address',
      () => `https://hooks.example.com/services/T0/B0/${randomBytes(24).toString('base64url')}`,
    ],
    [
      'a key of several lines',
      () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ],
  ])('is made for %s', (_, make) => {
    // Of random values a few look like words by chance: they have no fingerprint, and nothing is told.
    const made = Array.from({ length: 100 }, () => fingerprint(String(make()), 'key'));
    expect(made.filter((print) => print !== undefined).length).toBeGreaterThan(90);
  });

  it('is not made without a key', () => {
    expect(fingerprint(value, undefined)).toBeUndefined();
  });
});
