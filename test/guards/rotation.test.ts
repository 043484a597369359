import { describe, expect, it } from '@jest/globals';
import type { PlannedWrite, Values } from '../../guards/plannedWrite.ts';
import { rotationLeaves } from '../../guards/rotation.ts';
import type { Context } from '../../settings/context.ts';

type Entries = Partial<Record<Context, string | undefined>>;
const values = (entries: Entries): Values => new Map(Object.entries(entries) as [Context, string | undefined][]);
const staging: readonly Context[] = ['branch:staging', 'branch:develop'];
const both = (value: string | undefined): Entries => ({ 'branch:staging': value, 'branch:develop': value });
const production = { place: 'production', source: 'op://a/b/c' };
const actions = { place: 'GitHub Actions secret', source: 'op://a/b/d', resource: 'github-KEY' };

function leaves(previous: Entries | undefined, planned: Entries, holders = [production]) {
  const write: PlannedWrite = {
    key: 'KEY',
    declared: { name: 'KEY', value: 'KEY', key: 'netlify', isShort: true },
    secret: true,
    scopes: [],
    planned: values(planned),
    previous: previous && values(previous),
    recordedUpdate: undefined,
    live: undefined,
  };
  return rotationLeaves(write, staging, holders);
}

describe('a rotation of staging’s key', () => {
  it('names who still holds the old one: it must not be revoked yet', () => {
    const before = { ...both('old'), production: 'old' };
    expect(leaves(before, { ...both('new'), production: 'old' })).toBe(
      'KEY is rotated for branch:staging and branch:develop alone. THE OLD ONE IS STILL HELD by production (op://a/b/c). ' +
        'Do not revoke the old key before each of these has the new one and has been deployed.',
    );
  });

  it('names only the contexts that get another one', () => {
    const before = { 'branch:staging': 'old', 'branch:develop': 'new', production: 'old' };
    expect(leaves(before, { ...both('new'), production: 'old' })).toContain('KEY is rotated for branch:staging alone.');
  });

  it('says of a place with a key of its own that it has another', () => {
    const said = leaves({ ...both('old'), production: 'p' }, { ...both('new'), production: 'p' });
    expect(said).toContain('Another value is held by production (op://a/b/c)');
  });

  it('says that the old one is held when one of several holders has it', () => {
    const before = { ...both('old'), production: 'old', dev: 'd' };
    const said = leaves(before, { ...both('new'), production: 'old', dev: 'd' }, [
      production,
      { ...production, place: 'dev' },
    ]);
    expect(said).toContain('THE OLD ONE IS STILL HELD by production (op://a/b/c), dev (op://a/b/c).');
  });

  it('is none where production’s alone changes, whoever else has one', () => {
    const before = { ...both('old'), production: 'p' };
    expect(leaves(before, { ...both('old'), production: 'q' }, [actions])).toBeUndefined();
  });

  it('names the places that this write does not reach, whatever they hold, and an alias by its name', () => {
    const alias = { ...production, name: 'ALIAS' };
    const said = leaves(both('old'), { ...both('new'), production: 'new' }, [production, actions, alias]);
    expect(said).toContain(
      'Another value is held by GitHub Actions secret (op://a/b/d), production as ALIAS (op://a/b/c).',
    );
  });

  it.each<[string, Entries | undefined, Entries]>([
    ['everybody gets the new one', { ...both('old'), production: 'old' }, { ...both('new'), production: 'new' }],
    ['it writes the same again', { ...both('old'), production: 'p' }, { ...both('old'), production: 'p' }],
    ['staging gets its first one', { production: 'p' }, { ...both('new'), production: 'p' }],
    ['the stack has nothing yet', undefined, { ...both('new'), production: 'p' }],
    ['the old value is not known', { ...both(undefined), production: 'p' }, { ...both('new'), production: 'p' }],
    ['the new value is not known', { ...both('old'), production: 'p' }, { ...both(undefined), production: 'p' }],
  ])('is none, or leaves nothing behind, where %s', (_, previous, planned) => {
    expect(leaves(previous, planned)).toBeUndefined();
  });
});
