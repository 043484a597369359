import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { stackFileSchema } from '../../settings/document/jsonSchema.ts';
import { parseSettings, SettingsError } from '../../settings/settings.ts';
import { fixtureRoot } from '../support/fixture.ts';
import { runCommand } from '../support/command.ts';
import { valid, type RawConfiguration } from './raw.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
const isValid = ajv.compile(stackFileSchema());

/** A stack's file with this configuration. */
function file(raw: object): unknown {
  const own = Object.entries(raw).map(([key, value]) => [`allincompassing:${key}`, value as unknown] as const);
  return { config: { 'github:owner': 'x', ...Object.fromEntries(own) } };
}

describe('the JSON Schema of a stack’s file', () => {
  it('is committed as it is now', async () => {
    const { code, stderr } = await runCommand('commands/documents/settings/command.ts', ['schema', '--check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }, 60_000);

  it.each(['Pulumi.staging.yaml', `${fixtureRoot}/Pulumi.staging.yaml`])('accepts %s', (path) => {
    const text = readFileSync(path, 'utf8');
    isValid(parse(text));
    expect(isValid.errors).toBeNull();
  });

  it('is named by the committed file, where editors look for it', () => {
    const [first] = readFileSync('Pulumi.staging.yaml', 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=settings/pulumi-stack.schema.json');
  });

  it('describes every setting', () => {
    const missing: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, inner] of Object.entries(schema)) {
        if (key === 'properties' && !path.endsWith('fingerprintKey')) {
          for (const [name, property] of Object.entries(inner as Record<string, { description?: string }>))
            if (!property.description) missing.push(`${path}.${name}`);
        }
        visit(inner, key === 'properties' ? path : `${path}/${key}`);
      }
    };
    visit(stackFileSchema().properties?.config, '');
    expect(missing).toEqual([]);
  });

  const reference = 'op://a/b/c';
  it.each<[string, Record<string, unknown>]>([
    ['true', { from: reference, netlify: true }],
    ['"true"', { from: reference, netlify: 'true' }],
    ['a name', { from: reference, edgeFunction: 'OTHER' }],
    ['an SSH key', { from: 'op://a vault/b/c.d/e?ssh-format=openssh', netlify: true }],
    ['options', { from: reference, netlify: { secret: 'true', scopes: ['builds'] } }],
    ['no options', { from: reference, actionsSecret: {} }],
    ['a list of all forms', { from: reference, actionsSecret: [true, 'OTHER', { as: 'THIRD', environments: ['qa'] }] }],
    ['another source in a context', { from: 'organizationId', netlify: { otherContexts: { dev: 'organizationId' } } }],
    ['a number as a literal', { value: 12, localFile: true }],
    ['a boolean as a literal', { value: false, localFile: true }],
  ])('accepts a value with %s', (_, value) => {
    isValid(file({ ...valid(), values: { A: value } }));
    expect(isValid.errors).toBeNull();
  });

  it.each<[string, (raw: RawConfiguration) => void]>([
    ['a value without a source', ({ values }) => (values.A = { netlify: true })],
    ['a value with two sources', ({ values }) => (values.A = { from: reference, value: 'x', netlify: true })],
    ['a value without a place', ({ values }) => (values.A = { from: reference })],
    ['a raw value as a source', ({ values }) => (values.A = { from: 'https://example.com', netlify: true })],
    ['a reference of two parts', ({ values }) => (values.A = { from: 'op://a/b', netlify: true })],
    ['a reference of five parts', ({ values }) => (values.A = { from: 'op://a/b/c/d/e', netlify: true })],
    ['a reference that ends in a blank', ({ values }) => (values.A = { from: `${reference} `, netlify: true })],
    ['a one-time password', ({ values }) => (values.A = { from: `${reference}?attribute=otp`, netlify: true })],
    ['a branch without a name', ({ netlify }) => (netlify.contexts = ['branch:'])],
    ['a context twice', ({ netlify }) => (netlify.contexts = ['branch:staging', 'branch:staging'])],
    [
      'an environment twice',
      ({ values }) => (values.A = { from: reference, actionsSecret: { environments: ['qa', 'qa'] } }),
    ],
    ['an empty literal', ({ values }) => (values.A = { value: '', netlify: true })],
    ['a number with a fraction', ({ values }) => (values.A = { value: 1.5, netlify: true })],
    ['a place that nobody knows', ({ values }) => (values.A = { from: reference, netlfy: true })],
    ['false for a place', ({ values }) => (values.A = { from: reference, netlify: false })],
    [
      'an option that a place does not have',
      ({ values }) => (values.A = { from: reference, edgeFunction: { secret: true } }),
    ],
    ['an empty list of placements', ({ values }) => (values.A = { from: reference, netlify: [] })],
    ['a name that no place takes', ({ values }) => (values['A-B'] = { from: reference, netlify: true })],
    ['an alias that no place takes', ({ values }) => (values.A = { from: reference, netlify: 'A-B' })],
    ['an unknown setting', (raw) => Object.assign(raw, { allowDestory: true })],
    ['a wrong mode', ({ netlify }) => (netlify.mode = 'shared')],
    ['a wrong context', ({ netlify }) => (netlify.contexts = ['staging'])],
    ['a missing site', ({ netlify }) => delete netlify.site],
    ['an organisation id that is neither', (raw) => (raw.organizationId = 'x')],
    ['no days', (raw) => Object.assign(raw, { drift: { maxAgeDays: 0 } })],
  ])('refuses %s, as the program does', (_, change) => {
    const raw = valid();
    expect(isValid(file(raw))).toBe(true);
    change(raw);
    expect(isValid(file(raw))).toBe(false);
    expect(() => parseSettings(raw)).toThrow(SettingsError);
  });

  it.each(['netlify:endpoint', 'supabase:accessToken', 'allincompassing:nonsense'])('refuses the key %s', (key) => {
    const { config } = file(valid()) as { config: object };
    expect(isValid({ config: { ...config, [key]: 'x' } })).toBe(false);
    expect(isValid({ config: { ...config, 'other:key': 'x' } })).toBe(true);
  });
});

describe('docs/settings.md', () => {
  const text = readFileSync('docs/settings.md', 'utf8');

  it('is committed as it is now', async () => {
    const { code, stderr } = await runCommand('commands/documents/settings/command.ts', ['docs', '--check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }, 60_000);

  it('has an example that the editor and the program accept', () => {
    const [, example = ''] = text.split(/```yaml\n|```\n/);
    const { config } = parse(example) as { config: Record<string, unknown> };
    const raw = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.slice('allincompassing:'.length), value]),
    );
    const { netlify, github, supabase } = valid();
    expect(parseSettings({ netlify, github, supabase, ...raw }).placements).toHaveLength(6);
    isValid(file({ netlify, github, supabase, ...raw }));
    expect(isValid.errors).toBeNull();
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(12);
  });

  it('has no row of a table that is too long to read', () => {
    expect(text.split('\n').filter((line) => line.startsWith('|') && line.length > 160)).toEqual([]);
  });
});
