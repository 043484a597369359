import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { heldValues, Secret } from '../../secrets/secret.ts';
import { UnreadValueError, valueOf } from '../../secrets/valueOf.ts';

describe('a secret', () => {
  const canary = ['canary', Math.random()].join('-');
  const secret = new Secret(canary);

  it.each<[string, () => string]>([
    ['a template', () => `value: ${String(secret)}`],
    ['addition', () => 'value: ' + (secret as unknown as string)],
    ['JSON', () => JSON.stringify({ secret })],
    ['console.log', () => inspect({ deep: { secret } }, { showHidden: true, depth: 9 })],
    ['an error', () => new Error(String(secret)).message],
    ['its keys', () => Object.entries(secret).join()],
    ['a copy', () => JSON.stringify(Object.assign({}, secret))],
  ])('does not show its value in %s', (_, print) => {
    expect(print()).not.toContain(canary);
  });

  it('stands in a text as a word that says what it is', () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual(['[secret]', '"[secret]"', '[secret]']);
  });

  it('gives its value to who asks for it', () => {
    expect(secret.reveal()).toBe(canary);
  });
});

describe('the values that this process has had, which are masked in the words of others', () => {
  const word = () => ['made', 'up', Math.random()].join('-');

  it.each<[string, (word: string) => string]>([
    ['a token', (word) => word],
    ['an address with a path', (word) => `https://host.example.com/${word}`],
    ['an address with a query', (word) => `https://host.example.com?${word}`],
    ['an address with a user', (word) => `https://${word}@host.example.com`],
    ['an address with a password', (word) => `https://:${word}@host.example.com`],
  ])('have %s among them', (_, make) => {
    const value = make(word());
    expect(heldValues()).not.toContain(value);
    new Secret(value);
    expect(heldValues()).toContain(value);
  });

  it.each([
    ['an address alone', 'https://host.example.com'],
    ['an address with a slash', 'https://host.example.com/'],
  ])('have not %s: it says where something is', (_, value) => {
    new Secret(value);
    expect(heldValues()).not.toContain(value);
  });
});

describe('the value of a reference', () => {
  it('is the one that was read; one that was not read, or is empty, is an error with the reference', () => {
    const values = new Map([
      ['op://a/b/c', new Secret('x')],
      ['op://a/b/d', new Secret('')],
    ]);
    expect(valueOf(values, 'op://a/b/c')).toBe('x');
    for (const reference of ['op://a/b/d', 'op://a/b/e']) {
      expect(() => valueOf(values, reference)).toThrow(UnreadValueError);
      expect(() => valueOf(values, reference)).toThrow(`${reference} was not read from 1Password`);
    }
  });
});
