import { describe, expect, it } from '@jest/globals';
import { emergencyDeleted, emergencyEnds, type EmergencyRules } from '../../guards/emergencyRules.ts';
import type { PlannedWrite, Values } from '../../guards/plannedWrite.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';
import type { Context } from '../../settings/context.ts';

const rules: EmergencyRules = {
  stagingContexts: ['branch:staging', 'branch:develop'],
  productionBranch: 'main',
  clockAhead: 0,
  endsEmergency: false,
};

type Entries = Partial<Record<Context, string | undefined>>;
const values = (entries: Entries): Values => new Map(Object.entries(entries) as [Context, string | undefined][]);

function live(entries: Entries, more: Partial<LiveVariable> = {}): LiveVariable {
  return {
    key: 'AGENT_ACTIONS_DISABLED',
    secret: false,
    scopes: [],
    values: Object.entries(entries).map(([context, value]) => ({
      id: context,
      context: context as Context,
      value: more.secret ? undefined : value,
    })),
    updatedAt: '2026-01-01T00:00:00.000Z',
    updatedBy: undefined,
    ...more,
  };
}

function write(
  planned: Entries,
  previous: Entries | undefined,
  now: LiveVariable | undefined,
  more: Partial<PlannedWrite> = {},
): PlannedWrite {
  const name = 'AGENT_ACTIONS_DISABLED';
  return {
    key: name,
    declared: { name, value: name, key: 'netlify', isShort: true },
    secret: false,
    scopes: ['builds', 'functions', 'post-processing', 'runtime'],
    planned: values(planned),
    previous: previous && values(previous),
    recordedUpdate: '2026-01-01T00:00:00.000Z',
    live: now,
    ...more,
  };
}

const both = (value: string | undefined): Entries => ({ 'branch:staging': value, 'branch:develop': value });
const secret = { secret: true };

describe('an emergency of the agents', () => {
  it.each<[string, PlannedWrite, string]>([
    [
      'a configuration that is behind',
      write(both('false'), both('true'), live(both('true'))),
      'branch:staging and branch:develop',
    ],
    [
      'one that never knew of it',
      write(both('false'), both('false'), live(both('true'))),
      'branch:staging and branch:develop',
    ],
    ['a context that leaves', write({ 'branch:develop': 'true' }, both('true'), live(both('true'))), 'branch:staging'],
    [
      'every context that leaves',
      write({ production: 'false' }, both('true'), live({ ...both('true'), production: 'false' })),
      'branch:staging',
    ],
    [
      'a value under one for all contexts',
      write({ ...both('false'), all: 'true' }, { all: 'true' }, live({ all: 'true' })),
      'branch:staging',
    ],
    [
      'a value for all contexts that is split',
      write(
        {
          ...both('false'),
          production: 'true',
          dev: 'true',
          'dev-server': 'true',
          'branch-deploy': 'true',
          'deploy-preview': 'true',
        },
        { all: 'true' },
        live({ all: 'true' }),
      ),
      'branch:staging and branch:develop',
    ],
    [
      'a value for all contexts that goes',
      write(
        { 'branch:staging': 'true' },
        { all: 'true', 'branch:staging': 'true' },
        live({ all: 'true', 'branch:staging': 'true' }),
      ),
      'branch:develop',
    ],
    [
      'a value for branch deploys that goes',
      write({ 'branch:staging': 'true' }, { 'branch-deploy': 'true' }, live({ 'branch-deploy': 'true' })),
      'branch:develop',
    ],
    [
      'one of production’s',
      write({ ...both('false'), production: 'false' }, undefined, live({ production: 'true' })),
      'production',
    ],
    [
      'one that is passed on to production’s branch',
      write({ 'branch:main': 'false', production: 'true' }, { production: 'true' }, live({ production: 'true' })),
      'branch:main',
    ],
    ['a key that is gone, which the stack wrote true', write(both('false'), both('true'), undefined), 'branch:staging'],
    [
      'a secret key that the stack wrote true',
      write(both('false'), both('true'), live(both(''), secret)),
      'branch:staging',
    ],
    [
      'another spelling of true',
      write(both('false'), both('false'), live({ 'branch:staging': ' YES' })),
      'branch:staging',
    ],
    ['an empty value', write(both(''), both('true'), live(both('1'))), 'branch:staging'],
  ])('is not ended by an update: %s', (_, given, contexts) => {
    const [reason = '', ...more] = emergencyEnds(given, rules);
    expect(more).toEqual([]);
    expect(reason).toContain(`AGENT_ACTIONS_DISABLED is true in ${contexts}`);
    expect(reason).toContain(
      'let agents act again. If the emergency goes on: npm run kill-switch -- off --emergency --reason TEXT; if it is over: npm run kill-switch -- restore --emergency --reason TEXT',
    );
    expect(emergencyEnds(given, { ...rules, endsEmergency: true })).toEqual([]);
    expect(emergencyEnds({ ...given, key: 'OTHER' }, rules)).toEqual([]);
  });

  it.each<[string, PlannedWrite]>([
    [
      'changed since the stack wrote it',
      write(both('false'), both('false'), live(both(''), { ...secret, updatedAt: '2026-02-01T00:00:00Z' })),
    ],
    [
      'whose change Netlify gives no time',
      write(both('false'), both('false'), live(both(''), { ...secret, updatedAt: undefined })),
    ],
    [
      'that nobody recorded',
      write(both('false'), both('false'), live(both(''), secret), { recordedUpdate: undefined }),
    ],
    [
      'in a context that the stack never wrote',
      write(both('false'), { 'branch:staging': 'false' }, live(both(''), secret)),
    ],
  ])('may not be ended by an update of a secret key %s: nobody can see it', (_, given) => {
    expect(emergencyEnds(given, rules).join()).toContain(
      'is secret on Netlify, so nobody can see whether it is true in',
    );
  });

  it('may not be ended by an update of a secret key while two clocks disagree', () => {
    const given = write(both('false'), both('false'), live(both(''), secret));
    expect(emergencyEnds(given, rules)).toEqual([]);
    for (const clockAhead of [5, -5]) expect(emergencyEnds(given, { ...rules, clockAhead })).toEqual([]);
    for (const clockAhead of [60, -60])
      expect(emergencyEnds(given, { ...rules, clockAhead })).toEqual([
        expect.stringContaining('nobody can see whether it is true in branch:staging and branch:develop: '),
      ]);
  });

  it('may be on only where a secret key has a value', () => {
    const given = write(both('false'), undefined, live({ 'branch:staging': '' }, secret));
    expect(emergencyEnds(given, rules)).toEqual([
      expect.stringContaining('nobody can see whether it is true in branch:staging: '),
    ]);
  });

  it('is not ended by scopes that no longer reach the functions', () => {
    const scoped = live(both('true'), { scopes: ['builds', 'functions', 'post_processing', 'runtime'] });
    const given = { ...write(both('true'), both('true'), scoped), scopes: ['builds'] };
    expect(emergencyEnds(given, rules).join()).toContain(
      'without the scopes functions, runtime agents could act again',
    );
    expect(emergencyEnds({ ...given, scopes: ['builds', 'functions', 'runtime'] }, rules)).toEqual([]);
    const off = { ...given, planned: values(both('false')), live: { ...scoped, values: live(both('false')).values } };
    expect(emergencyEnds(off, rules)).toEqual([]);
  });

  it.each<[string, PlannedWrite]>([
    ['begins', write(both('true'), both('false'), live(both('false')))],
    ['goes on', write(both('true'), both('true'), live(both('true')))],
    ['goes on in a value for all contexts', write({ all: 'true' }, both('true'), live(both('true')))],
    ['is not known to this run', write(both(undefined), both('true'), live(both('true')))],
    ['was ended directly on Netlify', write(both('false'), both('true'), live(both('false')))],
    ['is not there', write(both('false'), undefined, undefined)],
    ['goes on in a key that is made again', write(both('true'), both('true'), undefined)],
    [
      'is one of branch deploys, which production does not read',
      write({ 'branch-deploy': 'true', production: 'false' }, undefined, live({ 'branch-deploy': 'true' })),
    ],
  ])('does not stop an update when it %s', (_, given) => {
    expect(emergencyEnds(given, rules)).toEqual([]);
  });
});

describe('the deletion of the emergency variable', () => {
  it('is refused while a value is true, or may be', () => {
    expect(emergencyDeleted(live({ production: 'true', dev: 'false' }), false)).toContain(
      'is true in production: without it',
    );
    expect(emergencyDeleted(live({ production: '' }, secret), false)).toContain(
      'is secret on Netlify and may be true in production',
    );
  });

  it('goes on when it is false, gone, or the command’s own', () => {
    expect(emergencyDeleted(live({ production: 'false' }), false)).toBeUndefined();
    expect(emergencyDeleted(undefined, false)).toBeUndefined();
    expect(emergencyDeleted(live({ production: 'true' }), true)).toBeUndefined();
  });
});
