import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { guardCommittedFile } from '../../sandbox/committedFile.ts';
import { sandboxConfiguration } from '../../sandbox/stack.ts';

const own = { encryptionsalt: 'v1:own', config: { 'allincompassing:fingerprintKey': { secure: 'v1:own-key' } } };

describe("the sandbox's copy of the stack's configuration", () => {
  it('is the committed one with the salt and the secret of the sandbox', () => {
    const committed = '# why\nconfig:\n  github:owner: me # who\n  allincompassing:netlify:\n    contexts: [a, b]\n';
    expect(parse(sandboxConfiguration(committed, own))).toEqual({
      config: { 'github:owner': 'me', 'allincompassing:netlify': { contexts: ['a', 'b'] }, ...own.config },
      encryptionsalt: own.encryptionsalt,
    });
  });

  it('says where the committed one is broken or missing, and never what stands there', () => {
    const make = () => sandboxConfiguration('config:\n  a: [canary\n', own);
    expect(make).toThrow(/\(Pulumi\.staging\.yaml\):\n {2}- line 3, column 1 is not YAML/);
    expect(make).not.toThrow(/canary/);
    expect(() => guardCommittedFile(tmpdir())).toThrow('(Pulumi.staging.yaml):\n  - there is no such file in');
  });

  it("leaves out what another backend's key has encrypted", () => {
    const committed = [
      'secretsprovider: awskms://alias/staging',
      'encryptedkey: theirs',
      'encryptionsalt: v1:theirs',
      'config:',
      '  github:owner: me',
      '  allincompassing:fingerprintKey: {secure: v1:theirs}',
      '  allincompassing:other: {secure: v1:theirs}',
      '',
    ].join('\n');
    expect(parse(sandboxConfiguration(committed, own))).toEqual({
      encryptionsalt: 'v1:own',
      config: { 'github:owner': 'me', 'allincompassing:fingerprintKey': { secure: 'v1:own-key' } },
    });
  });

  it('works on a file without configuration', () => {
    expect(parse(sandboxConfiguration('', own))).toEqual(own);
  });
});

describe('the guard of the committed file', () => {
  let root: string;
  let file: string;
  const content = '# comment\nconfig:\n  github:owner: me\n';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'guard-'));
    file = join(root, 'Pulumi.staging.yaml');
    writeFileSync(file, content);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    [
      'a salt that Pulumi added',
      `config:\n  github:owner: me\nencryptionsalt: v1:x\n`,
      'changed the encryption salt in',
    ],
    ['a secrets provider', `secretsprovider: passphrase\n${content}`, 'changed the encryption salt in'],
  ])('undoes %s', (_, after, done) => {
    const undo = guardCommittedFile(root);
    writeFileSync(file, after);
    expect(undo()).toBe(done);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('brings a deleted file back', () => {
    const undo = guardCommittedFile(root);
    rmSync(file);
    expect(undo()).toBe('deleted');
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it.each([
    ['nothing changed', content],
    ['somebody edited a setting', `config:\n  github:owner: you\nencryptionsalt: v1:x\n`],
  ])('leaves the file alone when %s', (_, after) => {
    const undo = guardCommittedFile(root);
    writeFileSync(file, after);
    expect(undo()).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe(after);
  });
});
