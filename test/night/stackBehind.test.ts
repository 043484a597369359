import { describe, expect, it } from '@jest/globals';
import { stackItself } from '../../operations/drift/stackItself.ts';
import type { LiveVariable } from '../../services/netlify.ts';
import { emergencyVariable } from '../../settings/names.ts';
import { recorded, settings } from '../operations/drift/lookFixture.ts';

/** The settings after `kill-switch off --emergency --direct` has written its variable down. */
const [first] = settings.netlify.variables;
if (!first) throw new Error('the fixture declares no variable');
const declared = {
  ...settings,
  netlify: { ...settings.netlify, variables: [{ ...first, name: emergencyVariable }] },
  github: { ...settings.github, secrets: [] },
};
const live: LiveVariable = {
  ...{ key: emergencyVariable, secret: false, scopes: [], updatedAt: undefined, updatedBy: undefined },
  values: [{ id: '1', context: 'branch:staging', value: 'true' }],
};

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
      { secrets: ['NETLIFY_AUTH_TOKEN'], ruleset: false },
      'npm run adopt',
    ],
    ['a rule that is on GitHub already', { secrets: [], ruleset: true }, 'npm run adopt'],
    ['neither', { secrets: ['ANOTHER'], ruleset: false }, 'pulumi up'],
    ['what GitHub did not say', { secrets: undefined, ruleset: undefined }, 'pulumi up'],
  ])('is to adopt what GitHub has: %s', (_what, onGithub, command) => {
    const [secret] = settings.github.secrets;
    if (!secret) throw new Error('the fixture declares no secret');
    const lower = { ...secret, name: 'netlify_auth_token' };
    const behind = {
      ...settings,
      netlify: { ...settings.netlify, variables: [] },
      github: { ...settings.github, secrets: [lower] },
    };
    const state = { ...recorded, secrets: new Map<string, never>(), hasRule: false };
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
