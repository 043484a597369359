import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment } from '../launch/childEnvironment.mjs';
import { readersOf } from '../readers/readersOf.ts';

/** No part of the product: tests, measurements, and the copy of the application. */
const elsewhere = ['test/', 'bench/', 'sandbox/app/', 'sandbox/app-newest/', 'sdks/'];

/** The name of an environment variable, alone between backticks. */
const documented = new Set(
  [...readFileSync('docs/environment.md', 'utf8').matchAll(/`([A-Za-z]+(?:_[A-Za-z0-9]+)*)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => /^[A-Z][A-Z0-9_]{1,}$|^[a-z]+_proxy$|^npm_[a-z_]+$/.test(name)),
);

describe('docs/environment.md', () => {
  let read: readonly string[];

  // By the same reader that says where the application reads each value.
  beforeAll(async () => {
    const { readers, problems } = await readersOf('.');
    expect(problems).toEqual([]);
    const product = readers.filter(
      ({ file, means }) => means === 'process.env' && !elsewhere.some((folder) => file.startsWith(folder)),
    );
    read = [...new Set(product.map(({ name }) => name))].sort();
  });

  it('names every variable that the code reads', () => {
    expect(read).toEqual(expect.arrayContaining(['NETLIFY_API_TOKEN', 'STAGING_VAULT', 'PULUMI_CONFIG_PASSPHRASE']));
    expect(read.filter((name) => !documented.has(name))).toEqual([]);
  });

  it('names no variable that nothing reads', () => {
    const handedOn = (name: string) => name in childEnvironment('engine', { [name]: 'x' });
    expect([...documented].filter((name) => !read.includes(name) && !handedOn(name))).toEqual([]);
  });
});
