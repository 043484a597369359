import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { counted } from '../../machine/counted.ts';
import { tokens } from '../../commands/doctor/tokens.ts';
import { withWrites } from '../../commands/drift/reconcile/recordWrites.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import { readFromDeployAfter, readFromNextDeploy } from '../../settings/nextDeploy.ts';
import { fixtureRoot } from '../support/fixture.ts';

describe('what staging reads from its next deploy', () => {
  it('is said with the command, and with what not to do before', () => {
    for (const text of [readFromNextDeploy(), readFromDeployAfter(['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'])]) {
      expect(text).toContain('npm run deploy:trigger');
      expect(text).toContain('revoke nothing');
    }
    expect(readFromDeployAfter(['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z'])).toContain('2026-01-02T00:00:00Z');
    expect(readFromDeployAfter([])).toBe('no variable is declared');
  });

  it('is the last of the outputs, which the engine shows by name', () => {
    const declared = readFileSync('components/outputs.ts', 'utf8').split('export interface Outputs {')[1] ?? '';
    const names = (declared.split('\n}')[0] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('readonly '))
      .map((line) => line.slice('readonly '.length).split(':')[0] ?? '');
    expect(names.length).toBeGreaterThan(5);
    expect([...names].sort().at(-1)).toBe('variablesAreRead');
  });

  it('follows what a fix has written past the engine', () => {
    const stack = {
      urn: 'urn:pulumi:staging::p::pulumi:pulumi:Stack::p-staging',
      type: 'pulumi:pulumi:Stack',
      outputs: {
        variables: { A: { lastUpdated: '2026-01-01T00:00:00Z' }, B: { lastUpdated: '2026-01-01T00:00:00Z' } },
        variablesAreRead: readFromDeployAfter(['2026-01-01T00:00:00Z']),
      },
    };
    const writes = { variables: new Map([['B', '2026-01-03T00:00:00Z']]), placed: new Map(), rulesetId: undefined };
    expect(withWrites(stack, writes).outputs?.variablesAreRead).toBe(readFromDeployAfter(['2026-01-03T00:00:00Z']));
  });

  it('is the work of rotate, which revokes last, in the row of each token that is a variable of staging', () => {
    const variables = new Set(fileSettings(fixtureRoot).netlify.variables.map(({ name }) => name));
    const rows = tokens().filter(({ name }) => variables.has(name));
    expect(rows.map(({ name }) => name)).toEqual(['SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_ACCESS_TOKEN']);
    for (const { name, rotate } of rows)
      expect(rotate).toMatch(new RegExp(`^npm run rotate -- ${name} .*(revokes the old one|the old one revoked) last`));
  });

  it('is preceded in every row by the new token, before the old one ends', () => {
    for (const { rotate } of tokens()) expect(rotate.split(' → ').at(-1)).toMatch(/old one|revoke it/);
  });
});

it('counts one as one', () => {
  expect([counted(0, 'file'), counted(1, 'file'), counted(2, 'file')]).toEqual(['0 files', '1 file', '2 files']);
  expect([counted(1, 'branch', 'branches'), counted(2, 'branch', 'branches')]).toEqual(['1 branch', '2 branches']);
});
