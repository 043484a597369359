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

  // Sixteen different characters are the least; a third of them changes kind.
  it.each([
    ['A1B2C3Dd-E4F5G6H7'],
    ['AbcDefGhijklmnopqrs1'],
    ['abcdef0123456789abcdef0123456789'],
    ['https://host.example.com/A1B2C3DdE4F5G6H7/'],
    ['https://host.example.com/?A1B2C3DdE4F5G6H7#'],
  ])('is made for the least that is random enough: %s', (random) => {
    expect(fingerprint(random, 'key')).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ['A1B2C3Dd-E4F5G6H'],
    ['AbcDefGhijklmnopqrst'],
    // Words before it do not count.
    ['abc-def-ghi-jkl-mno-A1B2C3'],
    // Digits of a hash count as such only where there is nothing else.
    ['ghijklabcdef0123456789abcdef0123456789'],
    ['abcdef0123456789abcdef0123456789ghijkl'],
  ])('is not made for what is just less: %s', (guessable) => {
    expect(fingerprint(guessable, 'key')).toBeUndefined();
  });

  it('is not made without a key', () => {
    expect(fingerprint(value, undefined)).toBeUndefined();
  });
});
