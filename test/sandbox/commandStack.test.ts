import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { declareValue, writtenDeclaration } from '../../killSwitch/configuration.ts';
import { guardCommittedFile } from '../../sandbox/stack/committedFile.ts';
import { sandboxConfiguration } from '../../sandbox/stack/stack.ts';

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

  it.each(['', 'config:\n', 'config: {}\n'])('works on a file without configuration: %j', (committed) => {
    expect(parse(sandboxConfiguration(committed, own))).toEqual(own);
  });
});

describe("the emergency variable in the sandbox's copy", () => {
  const committed = (values: string) => `config:\n  allincompassing:values:\n${values}`;
  const other = '      OTHER: { value: x, netlify: true }\n';
  const declared = "      AGENT_ACTIONS_DISABLED: { value: 'false', netlify: true }\n";
  const folder = mkdtempSync(join(tmpdir(), 'copy-'));
  const copy = join(folder, 'Pulumi.staging.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The copy as the next `exec` makes it, from the committed file as it is then. */
  const next = (text: string) => {
    const made = sandboxConfiguration(text, own, writtenDeclaration(readFileSync(copy, 'utf8')));
    writeFileSync(copy, made);
    return made;
  };
  const values = (text: string) =>
    (parse(text) as { config: Record<string, unknown> }).config['allincompassing:values'];

  it.each([
    ['after others', other],
    ['alone', '      {}\n'],
    ['that is declared already', declared + other],
  ])('stays as kill-switch wrote it, with its note: %s', (_, given) => {
    writeFileSync(copy, sandboxConfiguration(committed(given), own));
    declareValue(copy, 'true', 'EMERGENCY: agents stopped by Ada');
    const once = next(committed(given));
    expect(values(once)).toMatchObject({ AGENT_ACTIONS_DISABLED: { value: 'true' } });
    expect(once).toMatch(/\n +# EMERGENCY: agents stopped by Ada\n +AGENT_ACTIONS_DISABLED:\n/);
    expect(next(committed(given))).toBe(once);
    declareValue(copy, 'false', 'Agents restored by Ada');
    expect(values(next(committed(given)))).toMatchObject({ AGENT_ACTIONS_DISABLED: { value: 'false' } });
  });

  it('is the committed one, as it is now, as long as nobody has used the switch', () => {
    writeFileSync(copy, sandboxConfiguration(committed(declared + other), own));
    expect(values(next(committed(declared.replace('false', 'true') + other)))).toEqual({
      AGENT_ACTIONS_DISABLED: { value: 'true', netlify: true },
      OTHER: { value: 'x', netlify: true },
    });
    expect(values(next(committed(other)))).toEqual({ OTHER: { value: 'x', netlify: true } });
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
