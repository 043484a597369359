import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { fileSettings } from '../../settings/stack/file.ts';
import { declaredTwice, otherStacks } from '../../settings/stack/otherStacks.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stacks-'));
  for (const file of ['Pulumi.yaml', 'Pulumi.staging.yaml']) copyFileSync(file, join(root, file));
});
afterEach(() => rmSync(root, { recursive: true }));

const own = {
  'allincompassing:values': { QA_LEVEL: { value: 'debug', netlify: true } },
  'allincompassing:netlify.contexts': ['branch:qa'],
  'allincompassing:github.protection.branch': 'qa',
};

/** What is declared twice when `qa` has staging's file with these changes, by name and place. */
function twice(
  changes: Readonly<Record<string, unknown>>,
  { owner }: { readonly owner: string | undefined } = { owner: 'allincompassing' },
): string[] {
  const document = parseDocument(readFileSync('Pulumi.staging.yaml', 'utf8'));
  for (const [path, value] of Object.entries({ ...own, ...changes })) {
    const [key = '', ...rest] = path.split('.');
    document.setIn(['config', key, ...rest], document.createNode(value));
  }
  writeFileSync(join(root, 'Pulumi.qa.yaml'), document.toString());
  const { others, unread } = otherStacks(root, 'qa');
  expect([others.map(({ file }) => file), unread]).toEqual([['Pulumi.staging.yaml'], []]);
  return declaredTwice({ settings: fileSettings(root, 'qa', {}), owner }, others);
}

describe('a second stack', () => {
  it('has names, a branch and contexts of its own beside the first', () => {
    expect(twice({})).toEqual([]);
  });

  it('does not declare a key that the first has on the same site, which would be written whole', () => {
    const values = { SUPABASE_URL: { value: 'https://x.example', netlify: true } };
    const [problem = '', ...more] = twice({
      'allincompassing:values': values,
      'allincompassing:netlify.site': 'allIincompassing',
    });
    expect(more).toEqual([]);
    expect(problem).toContain(
      'SUPABASE_URL (netlify): Pulumi.staging.yaml declares it on the same site, and Netlify’s provider writes a key whole',
    );
    expect(twice({ 'allincompassing:values': values, 'allincompassing:netlify.site': 'site-of-qa' })).toEqual([]);
  });

  it('may be on the same site when one names it by id and the other by name', () => {
    const values = { SUPABASE_URL: { value: 'https://x.example', netlify: true } };
    const site = '0a1b2c3d-0000-4000-8000-000000000001';
    const [problem = '', ...more] = twice({ 'allincompassing:values': values, 'allincompassing:netlify.site': site });
    expect(more).toEqual([]);
    expect(problem).toContain('SUPABASE_URL (netlify): Pulumi.staging.yaml declares it on what may be the same site');
    expect(problem).toContain('name the site by its id in both files');
    expect(twice({ 'allincompassing:netlify.site': site })).toEqual([]);
  });

  it('may be in the same repository when one file does not name the owner', () => {
    const place = {
      'allincompassing:values': { OPENAI_KEY: { from: 'op://A/B/c', actionsSecret: { as: 'slack_webhook_url' } } },
    };
    expect(twice(place, { owner: undefined }).join()).toContain('github:owner');
    expect(twice(place, { owner: 'another' })).toEqual([]);
    expect(twice({ 'allincompassing:github.protection.branch': 'develop' }, { owner: undefined })).toEqual([
      expect.stringContaining('Pulumi.staging.yaml declares the rule of develop already'),
    ]);
  });

  it.each<[string, unknown, Readonly<Record<string, unknown>>]>([
    [
      'openai_api_key (actionsSecret)',
      { actionsSecret: { as: 'slack_webhook_url' } },
      { actionsSecret: { as: 'slack_webhook_url', environments: ['qa'] } },
    ],
  ])('tells an environment on GitHub from the repository: %s', (_, place, elsewhere) => {
    const value = (given: unknown) => ({
      'allincompassing:values': { OPENAI_KEY: { from: 'op://A/B/c', ...(Object(given) as object) } },
    });
    expect(twice(value(place))).toEqual([expect.stringContaining('slack_webhook_url (actionsSecret')]);
    expect(twice(value(elsewhere))).toEqual([]);
    expect(twice({ ...value(place), 'allincompassing:github.repository': 'another' })).toEqual([]);
  });

  it('does not declare an Edge Function secret that the first has in the same project', () => {
    const values = { OPENAI_API_KEY: { from: 'op://A/B/c', edgeFunction: true } };
    expect(twice({ 'allincompassing:values': values })).toEqual([
      expect.stringMatching(/^OPENAI_API_KEY \(edgeFunction/),
    ]);
    expect(
      twice({ 'allincompassing:values': values, 'allincompassing:supabase.project': 'bcdfghjklmnpqrstvwxz' }),
    ).toEqual([]);
  });

  it('does not declare the rule of the first one’s branch', () => {
    expect(twice({ 'allincompassing:github.protection.branch': 'develop' }).join()).toContain(
      'Pulumi.staging.yaml declares the rule of develop already',
    );
  });

  it('is read by its own file, and one that cannot be read is named', () => {
    writeFileSync(join(root, 'Pulumi.draft.yaml'), 'config: {allincompassing:netlify: {}}');
    const { others, unread } = otherStacks(root, 'staging');
    expect([others, unread.join()]).toEqual([[], expect.stringContaining('Pulumi.draft.yaml')]);
  });
});
