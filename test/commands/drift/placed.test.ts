import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { placedValues } from '../../../commands/drift/checks/placed.ts';
import type { Recorded, RecordedValue } from '../../../engine/recorded.ts';
import type { LivePlaced } from '../../../places/service.ts';
import { Secret } from '../../../secrets/secret.ts';
import { parseSettings, type Settings } from '../../../settings/settings.ts';
import { livePlaces, organization, recorded } from './lookFixture.ts';

const written = '2026-01-01T00:00:00Z';
const later = '2026-01-01T12:00:00Z';
const age = { maxAgeDays: 90, now: Date.parse('2026-01-02T00:00:00Z') };

/** The settings of these values. */
function declaring(values: Record<string, unknown>, github: object = {}): Settings {
  return parseSettings({
    organizationId: organization,
    values,
    netlify: { site: 'Site', team: 'team' },
    github: { repository: 'repository', ...github },
    supabase: { project: 'abcdefghijklmnopqrst' },
  });
}

/** The findings about these values, given what the last update wrote and what is there. */
function kinds(
  settings: Settings,
  placed: Record<string, RecordedValue>,
  lists: Partial<Record<string, readonly LivePlaced[]>>,
  { environments = [], kept = [] }: { environments?: readonly string[]; kept?: readonly string[] } = {},
) {
  const state: Recorded = {
    ...recorded,
    updatedAt: written,
    placed: new Map(Object.entries(placed)),
    environments: new Set(kept),
  };
  return placedValues(settings, state, livePlaces(lists, environments), age).map(
    ({ kind, where, severity, fix }) => `${kind} ${where.subject} ${severity} ${fix.by}`,
  );
}

const from = 'op://Platform/Supabase/field';
const value = new Secret('one-value');
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an Actions secret', () => {
  const settings = declaring({ HOOK: { from, actionsSecret: true } });
  const one = (updatedAt: string | undefined, live: readonly LivePlaced[]) =>
    kinds(settings, { 'github-HOOK': { updatedAt, value } }, { actionsSecret: live });

  it.each([
    ['has GitHub’s own time', written, []],
    ['has another one', '2025-12-31T00:00:00Z', ['github-secret-changed HOOK high machine']],
    ['has none', undefined, ['github-secret-changed HOOK high machine']],
  ])('is compared by the time of its last write: the record %s', (_what, updatedAt, expected) => {
    expect(one(updatedAt, [{ name: 'HOOK', createdAt: written, updatedAt: written }])).toEqual(expected);
  });

  it('is found when it is gone, in whatever case GitHub lists it, and when it is old', () => {
    expect(one(written, [])).toEqual(['github-secret-missing HOOK high machine']);
    const lower = declaring({ hook: { from, actionsSecret: true } });
    const live = { actionsSecret: [{ name: 'HOOK', updatedAt: written }] };
    expect(kinds(lower, { 'github-hook': { updatedAt: written, value } }, live)).toEqual([]);
    const old = '2025-01-01T00:00:00Z';
    expect(one(old, [{ name: 'HOOK', createdAt: old, updatedAt: old }])).toEqual(['github-secret-old HOOK low person']);
  });

  it('is none of ours while no update has written it, and when its list could not be read', () => {
    expect(kinds(settings, {}, { actionsSecret: [] })).toEqual([]);
    expect(kinds(settings, { 'github-HOOK': { updatedAt: written, value } }, {})).toEqual([]);
  });

  it('that nobody declared is found when it came after the last update', () => {
    const own = { name: 'HOOK', updatedAt: written };
    const list = [own, { name: 'NEW', createdAt: later }, { name: 'OLD', createdAt: '2025-01-01T00:00:00Z' }];
    expect(one(written, list)).toEqual(['github-secret-undeclared NEW low ask']);
  });

  it('is hidden by one of the deploy job’s environment, unless that is declared too', () => {
    const lists = {
      actionsSecret: [{ name: 'HOOK', updatedAt: written }],
      'actionsSecret/staging': [{ name: 'HOOK', updatedAt: written }],
    };
    const state = {
      'github-HOOK': { updatedAt: written, value },
      'github-staging/HOOK': { updatedAt: written, value },
    };
    expect(kinds(settings, state, lists)).toEqual(['github-secret-shadowed HOOK high ask']);
    const both = declaring({ HOOK: { from, actionsSecret: [true, { environments: ['staging'] }] } });
    expect(kinds(both, state, lists, { environments: ['staging'], kept: ['staging'] })).toEqual([]);
  });

  it('of a lost environment is one finding, of the environment', () => {
    const inside = declaring(
      { A: { from, actionsSecret: true }, B: { from, actionsVariable: true } },
      { environment: 'qa' },
    );
    const state = {
      'github-qa/A': { updatedAt: written, value },
      'github-variable-qa/B': { updatedAt: written, value },
    };
    const lists = { 'actionsSecret/qa': [], 'actionsVariable/qa': [] };
    expect(kinds(inside, state, lists, { kept: ['qa'] })).toEqual(['github-environment-missing qa high ask']);
    // Never made by an update: that is no drift.
    expect(kinds(inside, {}, lists)).toEqual([]);
  });
});

describe('an Actions variable', () => {
  const settings = declaring({ CHANNEL: { from, actionsVariable: ['CHANNEL', 'ALIAS'] } });
  const state = {
    'github-variable-CHANNEL': { updatedAt: undefined, value },
    'github-variable-ALIAS': { updatedAt: undefined, value },
  };
  const live = (own: string, alias: string) => ({
    actionsVariable: [
      { name: 'CHANNEL', value: own, updatedAt: written },
      { name: 'ALIAS', value: alias, updatedAt: written },
    ],
  });

  it('is compared by its value, under each of its names', () => {
    expect(kinds(settings, state, live('one-value', 'one-value'))).toEqual([]);
    expect(kinds(settings, state, live('another', 'one-value'))).toEqual([
      'github-variable-changed CHANNEL high machine',
    ]);
    expect(kinds(settings, state, live('one-value', 'another'))).toEqual([
      'github-variable-alias-differs ALIAS high machine',
    ]);
  });

  it('is not judged where nobody could decrypt the state', () => {
    const sealed = { 'github-variable-CHANNEL': { updatedAt: undefined, value: undefined } };
    expect(kinds(settings, sealed, live('another', 'another'))).toEqual([]);
  });
});

describe('an Edge Function secret', () => {
  const settings = declaring({
    OPENAI_API_KEY: { from, edgeFunction: true },
    DEFAULT_ORGANIZATION_ID: { from: 'organizationId', edgeFunction: true },
  });
  const state = {
    'supabase-OPENAI_API_KEY': { updatedAt: undefined, value },
    'supabase-DEFAULT_ORGANIZATION_ID': { updatedAt: undefined, value: new Secret(organization) },
  };
  const live = (key: string, id: string, more: readonly LivePlaced[] = []) => ({
    edgeFunction: [
      { name: 'OPENAI_API_KEY', digest: digestOf(key), updatedAt: written },
      { name: 'DEFAULT_ORGANIZATION_ID', digest: digestOf(id), updatedAt: written },
      ...more,
    ],
  });

  it('is compared by its digest, and only a person has production’s written', () => {
    expect(kinds(settings, state, live('one-value', organization))).toEqual([]);
    expect(kinds(settings, state, live('another', organization))).toEqual([
      'edge-secret-changed OPENAI_API_KEY critical ask',
    ]);
    expect(kinds(settings, state, live('one-value', 'another'))).toEqual([
      'edge-secret-changed DEFAULT_ORGANIZATION_ID critical ask',
    ]);
    expect(kinds(settings, state, { edgeFunction: [] })).toEqual([
      'edge-secret-missing DEFAULT_ORGANIZATION_ID critical ask',
      'edge-secret-missing OPENAI_API_KEY high ask',
    ]);
  });

  it('that nobody declared is found, but not Supabase’s own nor the kill switch’s', () => {
    const more = ['SUPABASE_URL', 'AGENT_ACTIONS_DISABLED', 'NEW'].map((name) => ({
      name,
      digest: 'd',
      updatedAt: later,
    }));
    expect(kinds(settings, state, live('one-value', organization, more))).toEqual([
      'edge-secret-undeclared NEW low person',
    ]);
  });

  it('that is declared for another place alone is declared here by a command that keeps its source', () => {
    const elsewhere = declaring({ HOOK: { from, actionsSecret: true }, OPENAI_API_KEY: { from, edgeFunction: true } });
    const list = ['HOOK', 'NEW'].map((name) => ({ name, digest: 'd', updatedAt: later }));
    const found = placedValues(
      elsewhere,
      { ...recorded, updatedAt: written, placed: new Map(), environments: new Set() },
      livePlaces({ edgeFunction: list }, []),
      age,
    );
    const set = 'pulumi config set --path allincompassing:values';
    expect(found.filter(({ kind }) => kind === 'edge-secret-undeclared').map(({ fix }) => fix.command)).toEqual([
      `${set}.HOOK.edgeFunction true`,
      `${set}.NEW.from op://VAULT/ITEM/FIELD && ${set}.NEW.edgeFunction true`,
    ]);
  });

  it('is old by its name alone: settings of everybody are no secrets', () => {
    const old = '2025-01-01T00:00:00Z';
    const list = live('one-value', organization).edgeFunction.map((each) => ({ ...each, updatedAt: old }));
    expect(kinds(settings, state, { edgeFunction: list })).toEqual(['edge-secret-old OPENAI_API_KEY low person']);
  });
});
