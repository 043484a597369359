import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

describe('`pulumi install` in a fresh clone', () => {
  it('leaves package.json as it is: npm writes the permitted scripts in order', () => {
    const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts: object };
    expect(Object.keys(allowScripts)).toEqual(Object.keys(allowScripts).sort());
  });
});
