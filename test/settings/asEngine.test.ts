import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configurationFile, fileSettings, fileValue } from '../../settings/stack/file.ts';
import { committedFile } from '../../settings/stack/stackFile.ts';
import { stackSettings } from '../../settings/stack/stack.ts';
import { valid } from './raw.ts';

const root = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => pulumi.runtime.setAllConfig({}));

const { values, ...others } = valid();
const rest = Object.entries(others).map(([key, value]) => `  allincompassing:${key}: ${JSON.stringify(value)}`);
const site = values.NETLIFY_STAGING_SITE_ID;

/** The settings that commands read from this file; `more` are lines below `config:`. */
function read(more: string, top = '', project = 'name: allincompassing', stack = 'staging') {
  writeFileSync(join(root, 'Pulumi.yaml'), project);
  writeFileSync(join(root, 'Pulumi.staging.yaml'), `${top}\nconfig:\n${rest.join('\n')}\n${more}\n`);
  return fileSettings(root, stack, {});
}

const one = `  allincompassing:values: {SITE: ${JSON.stringify(site)}}`;
const encrypted = 'has an encrypted value (`secure:`). Values come from 1Password';

describe('commands read the configuration as the engine does', () => {
  it('with YAML’s merge keys and anchors', () => {
    const top = 'base: &base {from: siteId, actionsSecret: A}';
    const { placements } = read('  allincompassing:values: {SITE: {actionsSecret: B, <<: *base}}', top);
    expect(placements.map(({ name }) => name)).toEqual(['B']);
  });

  it('with keys of the project’s own, old spellings, and JSON as text', () => {
    expect(read(`${one}\n  allowDestroy: "true"`).allowDestroy).toBe(true);
    expect(read(`${one}\n  allincompassing:config:allowDestroy: true`).allowDestroy).toBe(true);
    expect(read(`${one}\n  allincompassing:drift: '{"maxAgeDays": 7}'`).drift.maxAgeDays).toBe(7);
  });

  it('with what Pulumi.yaml gives every stack, which the stack’s file replaces as a whole', () => {
    const project = [
      'name: allincompassing',
      'config:',
      '  allowDestroy: {type: boolean, default: true}',
      '  allincompassing:drift: {value: {maxAgeDays: 5}}',
      '  github:owner: somebody',
    ].join('\n');
    expect(read(one, '', project)).toMatchObject({ allowDestroy: true, drift: { maxAgeDays: 5 } });
    expect(fileValue(root, 'github:owner')).toBe('somebody');
    expect(read(`${one}\n  allincompassing:drift: {}`, '', project).drift.maxAgeDays).toBe(180);
  });

  it('of the stack that organization/project/name names', () => {
    const { placements } = read(one, '', 'name: allincompassing', 'organization/allincompassing/staging');
    expect(placements.map(({ value }) => value)).toEqual(['SITE']);
  });

  it.each([
    ['organization/another/staging', 'names the project another; this is allincompassing'],
    ['a/b/c/staging', 'is NAME, ORGANIZATION/NAME or ORGANIZATION/PROJECT/NAME'],
    ['a//staging', 'is NAME, ORGANIZATION/NAME or ORGANIZATION/PROJECT/NAME'],
    ['..\\\\staging', 'is NAME'],
  ])('and refuse a stack that the engine would not take: %s', (stack, reason) => {
    writeFileSync(join(root, `Pulumi.${stack.split('/').at(-1) ?? ''}.yaml`), '');
    expect(() => fileSettings(root, stack, {})).toThrow(reason);
  });

  it.each([
    ['stackConfigDir: stacks', 'stacks'],
    ['config: stacks', 'stacks'],
    ['stackConfigDir: ./stacks/of', 'stacks/of'],
  ])('in the folder that Pulumi.yaml names: %s', (line, folder) => {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'Pulumi.yaml'), `name: allincompassing\n${line}\n`);
    const file = join(root, folder, 'Pulumi.there.yaml');
    writeFileSync(file, `config:\n${rest.join('\n')}\n${one}\n`);
    expect([configurationFile(root, 'there', {}), committedFile(root, 'there')]).toEqual([file, file]);
    expect(fileSettings(root, 'there', {}).placements.map(({ value }) => value)).toEqual(['SITE']);
  });

  // What Pulumi 3.256 makes of each was tried by `pulumi config --json`.
  it.each([
    '017',
    '-017',
    '1_000',
    '0b101',
    '-0x1F',
    '0o_7',
    '12345678901234567',
    '2024-01-01',
    '2024-01-01T10:00:00Z',
  ])('and refuse what Pulumi reads as another value: %s', (text) => {
    const value = (as: string) => `${one}\n  allincompassing:drift: {maxAgeDays: ${as}}`;
    expect(() => read(value(text))).toThrow(
      'allincompassing:drift.maxAgeDays: Pulumi reads this number or date as another value. Put it in quotes',
    );
    expect(() => read(`${one}\n  other:key: [${text}]`)).toThrow('other:key');
    expect(() => read(`${one}\n  other:key: ['${text}', "${text}"]`)).not.toThrow();
  });

  it.each(['17', '019', '0o17', '0x1F', '1e3', '.5', '1.50', '12:30', '+5', 'yes', '1.2.3', '0', '"017"', '2024-01'])(
    'and take what both read alike: %s',
    (text) => {
      expect(() => read(`${one}\n  other:key: {a: ${text}}`)).not.toThrow();
    },
  );

  it('and refuse an encrypted value, as the program does', () => {
    expect(() => read('  allincompassing:values: {A: {from: {secure: v1:canary}, netlify: true}}')).toThrow(
      `allincompassing:values.A.from: ${encrypted}`,
    );
    expect(() => read(`${one}\n  allincompassing:allowDestroy: {secure: v1:canary}`)).toThrow(encrypted);
    const key = 'allincompassing:values';
    pulumi.runtime.setAllConfig({ [key]: '{}' }, [key]);
    expect(() => stackSettings({})).toThrow(`${key}: ${encrypted}`);
    expect(() => stackSettings({})).not.toThrow(/canary/);
  });

  it.each([
    'environment: [team/staging]',
    'environment: {imports: [a]}',
    'environment: {values: {pulumiConfig: {a: 1}}}',
  ])('and refuse what only Pulumi itself sees: %s', (top) => {
    expect(() => read(one, top)).toThrow('environment: Pulumi ESC may give settings');
  });

  it.each(['environment: []', 'environment: {values: {environmentVariables: {A: b}}}'])('and accept %s', (top) => {
    expect(() => read(one, top)).not.toThrow();
  });
});
