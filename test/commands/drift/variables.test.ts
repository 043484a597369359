import { describe, expect, it } from '@jest/globals';
import { declaredVariables } from '../../../commands/drift/checks/netlifyVariables.ts';
import { undeclaredVariables } from '../../../commands/drift/checks/undeclaredVariables.ts';
import { Secret } from '../../../secrets/secret.ts';
import type { LiveVariable } from '../../../services/netlify/netlify.ts';
import type { Context } from '../../../settings/context.ts';
import { recorded, settings } from './lookFixture.ts';

const staging: readonly Context[] = ['branch:staging', 'branch:develop'];

function found(key: string, secret: boolean, contexts: readonly Context[], live: string, written: string) {
  const values = contexts.map((context) => ({ context, from: { literal: live } }));
  const variables = [{ name: key, secret, values }] as unknown as typeof settings.netlify.variables;
  const there: LiveVariable = {
    key,
    secret: false,
    scopes: ['builds', 'functions', 'runtime', 'post_processing'],
    values: contexts.map((context) => ({ id: context, context, value: live })),
    updatedAt: undefined,
    updatedBy: undefined,
  };
  const own = {
    secret,
    scopes: [],
    values: new Map(contexts.map((context) => [context, new Secret(written)])),
    writtenAt: undefined,
  };
  return declaredVariables(
    { ...settings, netlify: { ...settings.netlify, variables } },
    { ...recorded, variables: new Map([[key, own]]) },
    [there],
  ).map(({ kind, fix }) => [kind, fix.by]);
}

describe('the emergency switch, thrown beside the stack', () => {
  it.each([
    ['true', 'false', [['kill-switch-variable', 'person']]],
    ['Yes', 'false', [['kill-switch-variable', 'person']]],
    ['1', 'true', [['value-changed', 'machine']]],
    ['true', 'true', []],
    ['false', 'true', [['value-changed', 'machine']]],
  ])('is %s, and the last update wrote %s', (live, written, expected) => {
    expect(found('AGENT_ACTIONS_DISABLED', false, staging, live, written)).toEqual(expected);
  });
});

describe('a secret that is readable', () => {
  it('is fixed unasked only where production has no value of the key', () => {
    expect(found('TOKEN', true, staging, 'a', 'a')).toEqual([['secret-readable', 'machine']]);
    expect(found('TOKEN', true, [...staging, 'production'], 'a', 'a')).toEqual([['secret-readable', 'ask']]);
  });
});

describe('a name that Netlify or the functions’ runtime keeps for itself', () => {
  const ofLive = (key: string, scopes: readonly string[], updatedAt: string) =>
    undeclaredVariables(settings, recorded, [
      {
        ...{ key, secret: false, scopes, updatedAt, updatedBy: undefined },
        values: [{ id: 'id', context: 'production', value: 'x' }],
      },
    ]).map(({ kind, fix }) => [kind, fix.by]);

  it('is found where somebody used it since the last update, and where it reaches functions', () => {
    const [before, after] = ['2025-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    expect(ofLive('AWS_REGION', ['functions', 'runtime'], after)).toEqual([['variable-reserved', 'person']]);
    expect(ofLive('AWS_REGION', ['builds', 'post_processing'], after)).toEqual([['variable-undeclared', 'person']]);
    expect(ofLive('AWS_REGION', ['functions'], before)).toEqual([]);
  });
});

describe('the emergency switch that is not declared', () => {
  const ofLive = (value: string | undefined) =>
    undeclaredVariables(settings, recorded, [
      {
        key: 'AGENT_ACTIONS_DISABLED',
        secret: value === undefined,
        scopes: [],
        values: [{ id: 'a', context: 'branch:staging', value }],
        updatedAt: undefined,
        updatedBy: undefined,
      },
    ]).map(({ kind }) => kind);

  it('is on for every word that agents take, and may be on where it cannot be read', () => {
    for (const value of ['true', 'TRUE', '1', ' yes ', undefined])
      expect(ofLive(value)).toEqual(['kill-switch-variable']);
    expect(ofLive('false')).toEqual(['staging-variable-undeclared']);
  });
});
