import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '../../secrets/secret.ts';

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

  it('gives its value to who asks for it', () => {
    expect(secret.reveal()).toBe(canary);
  });
});
