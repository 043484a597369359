import { describe, expect, it } from '@jest/globals';
import { stackItself } from '../../commands/drift/checks/stackItself.ts';
import type { LivePlaces } from '../../places/live.ts';
import type { ManagedPlace } from '../../places/places.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import { emergencyVariable } from '../../settings/names/names.ts';
import { placementsIn } from '../../settings/settings.ts';
import { recorded, settings } from '../commands/drift/lookFixture.ts';

/** The settings after `kill-switch off --emergency --direct` has written its variable down. */
const [first] = settings.netlify.variables;
if (!first) throw new Error('the fixture declares no variable');
const declared = {
  ...settings,
  netlify: { ...settings.netlify, variables: [{ ...first, name: emergencyVariable }] },
  placements: [],
};
const live: LiveVariable = {
  ...{ key: emergencyVariable, secret: false, scopes: [], updatedAt: undefined, updatedBy: undefined },
  values: [{ id: '1', context: 'branch:staging', value: 'true' }],
};

/** GitHub and Supabase, with these in one place of theirs. */
const holding = (only: ManagedPlace, ...names: readonly string[]): LivePlaces => ({
  list: (place) => (place === only ? names.map((name) => ({ name })) : []),
  environments: new Set(),
  notChecked: [],
});

describe('a stack that does not know of a level 2 that was thrown directly', () => {
  it('is to adopt the variable, which pulumi up would refuse to make', () => {
    expect(stackItself(declared, recorded, [live])).toMatchObject([
      { kind: 'stack-behind', severity: 'high', fix: { by: 'person', command: 'npm run adopt' } },
    ]);
  });

  it('is to be updated where the variable is not there', () => {
    expect(stackItself(declared, recorded, [])).toMatchObject([
      { kind: 'stack-behind', severity: 'high', fix: { command: 'pulumi up' } },
    ]);
  });

  it.each([
    [
      'a secret that is on GitHub already, in capitals',
      { places: holding('actionsSecret', 'NETLIFY_AUTH_TOKEN'), ruleset: false },
      'npm run adopt',
    ],
    ['a rule that is on GitHub already', { places: holding('actionsSecret'), ruleset: true }, 'npm run adopt'],
    [
      'a variable of that name alone',
      { places: holding('actionsVariable', 'NETLIFY_AUTH_TOKEN'), ruleset: false },
      'pulumi up',
    ],
    ['neither', { places: holding('actionsSecret', 'ANOTHER'), ruleset: false }, 'pulumi up'],
    ['what GitHub did not say', { places: undefined, ruleset: undefined }, 'pulumi up'],
  ])('is to adopt what GitHub has: %s', (_what, onGithub, command) => {
    const [secret] = placementsIn(settings, 'actionsSecret');
    if (!secret) throw new Error('the fixture declares no secret');
    const lower = { ...secret, name: 'netlify_auth_token' };
    const behind = {
      ...settings,
      netlify: { ...settings.netlify, variables: [] },
      placements: [lower],
    };
    const state = { ...recorded, placed: new Map<string, never>(), hasRule: false };
    expect(stackItself(behind, state, [], onGithub)).toMatchObject([{ kind: 'stack-behind', fix: { command } }]);
  });

  it('is in order once an update has written it, and counts what was cut off', () => {
    const [known] = recorded.variables.values();
    if (!known) throw new Error('the fixture records no variable');
    const done = { ...recorded, variables: new Map([[emergencyVariable, known]]) };
    expect(stackItself(declared, done, [live])).toEqual([]);
    const [cut] = stackItself(declared, { ...done, pendingOperations: 1 }, [live]);
    expect(cut?.what).toBe('An update was cut off with 1 operation open.');
  });
});
