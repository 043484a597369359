import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { permissionsLeft } from '../../commands/drift/checks/permissions.ts';
import { lookText } from '../../commands/drift/text.ts';
import { allowancesOf } from '../../sandbox/process/environment.ts';
import { fileSettings, parseStack } from '../../settings/stack/file.ts';
import { fixtureFile, fixtureRoot } from '../support/fixture.ts';

const settings = fileSettings(fixtureRoot);

it('finds nothing where the file allows nothing', () => {
  expect(permissionsLeft(settings, 'staging')).toEqual([]);
});

it.each([
  ['netlify.productionChanges', 'PRODUCTION', 'STAGING_PRODUCTION_CHANGES'],
  ['netlify.contextRemovals', 'live', 'STAGING_CONTEXT_REMOVALS'],
  ['github.protection.removals', 'protected branch', 'STAGING_PROTECTION_REMOVALS'],
] as const)('finds %s that stays in the file, with the commands that take it out and that allow one run', (...row) => {
  const [name, what, variable] = row;
  const allowing = {
    ...settings,
    netlify: { ...settings.netlify, ...(name.startsWith('netlify.') && { [name.slice(8)]: 'allow' }) },
    github: {
      ...settings.github,
      ...(name.startsWith('github.') && { protection: { ...settings.github.protection, removals: 'allow' as const } }),
    },
  };
  const [found, ...others] = permissionsLeft(allowing, 'blue');
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    id: `permission-left:${name}`,
    severity: 'medium',
    fix: { by: 'person', command: `pulumi config rm --path allincompassing:${name} --stack blue` },
  });
  expect(found?.what).toContain(what);
  expect(found?.fix.note).toBe(`For one run alone: ${variable}=allow pulumi up --stack blue`);
});

it('gives a command in the sandbox what the caller allows for this run, and nothing else of the shell', () => {
  const shell = { STAGING_PRODUCTION_CHANGES: 'allow', STAGING_CONTEXT_REMOVALS: 'allow', GITHUB_TOKEN: 'a token' };
  expect(allowancesOf(shell)).toEqual({ STAGING_PRODUCTION_CHANGES: 'allow', STAGING_CONTEXT_REMOVALS: 'allow' });
  expect(allowancesOf({})).toEqual({});
});

it('names a key that stands twice, and no value', () => {
  const text = readFileSync(fixtureFile, 'utf8');
  const [first = ''] = Object.keys((parse(text) as { config: object }).config);
  const twice = text.replace('config:\n', `config:\n  ${first}: a-canary-value\n`);
  expect(() => parseStack(twice, 'Pulumi.staging.yaml')).toThrow(`has a key for the second time (${first})`);
  expect(() => parseStack(twice, 'Pulumi.staging.yaml')).not.toThrow('a-canary-value');
});

it('does not name a key that might be a value', () => {
  expect(() => parseStack('config:\n  "a value": 1\n  "a value": 2\n', 'x.yaml')).toThrow(
    /has a key for the second time: take one out/,
  );
});

it('counts one finding as one', () => {
  const findings = permissionsLeft(
    { ...settings, netlify: { ...settings.netlify, contextRemovals: 'allow' } },
    'staging',
  );
  const seen = { findings, notChecked: [], errors: [] } as unknown as Parameters<typeof lookText>[0];
  expect(lookText(seen)).toContain('1 finding: 1 medium. 0 for --fix, 0 to be named, 1 for a person.');
});
