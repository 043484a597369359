import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import * as pulumi from '@pulumi/pulumi';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSettings, fileValue } from '../../settings/stack/file.ts';
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
    expect(read(one, '', 'name: allincompassing', 'organization/allincompassing/staging').placements).toHaveLength(1);
  });

  it('and refuse an encrypted value, as the program does', () => {
    expect(() => read('  allincompassing:values: {A: {from: {secure: v1:canary}, netlify: true}}')).toThrow(encrypted);
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
