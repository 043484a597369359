import { describe, expect, it } from '@jest/globals';
import type { Existing } from '../../../adoption/existing.ts';
import { askArrived, askedFor, refusedNext, withArrived, withoutOthers } from '../../../commands/recover/arrived.ts';
import { planRecovery, type RecoveryPlan } from '../../../recovery/pending.ts';
import { recovered } from '../../../commands/recover/state.ts';
import type { Export } from '../../../engine/deployment.ts';
import type { LiveVariable } from '../../../services/netlify/netlify.ts';
import type { Context } from '../../../settings/context.ts';
import { fileSettings } from '../../../settings/stack/file.ts';
import { fixtureRoot } from '../../support/fixture.ts';

const { netlify } = fileSettings(fixtureRoot);
const staging: readonly Context[] = ['branch:staging', 'branch:develop'];
const recordedTime = '2026-01-01T10:00:00Z';
const beforeKill = '2026-01-01T10:00:00.900Z';
const atKill = '2026-01-01T12:00:03Z';
const later = '2026-01-01T13:00:00Z';
const allow = 'STAGING_PRODUCTION_CHANGES=allow pulumi up --stack staging';

const resource = (key: string) => ({
  urn: `urn:pulumi:staging::p::netlify:index/environmentVariable:EnvironmentVariable::netlify-${key}`,
  type: 'netlify:index/environmentVariable:EnvironmentVariable',
  inputs: { key },
  outputs: { lastUpdated: recordedTime },
});
const state = (key: string, outputs: Record<string, unknown> = { lastUpdated: recordedTime }): Export => ({
  version: 3,
  deployment: {
    manifest: { time: '2026-01-01T12:00:00Z' },
    resources: [{ ...resource(key), outputs }],
    pending_operations: [{ resource: resource(key), type: 'updating' }],
  },
});

interface Live {
  readonly key?: string;
  readonly secret?: boolean;
  readonly contexts?: readonly Context[];
}

/** Of a secret key that has a value in production, when nothing else is said. */
function plan(
  updatedAt: string | undefined,
  { key = 'SUPABASE_SERVICE_ROLE_KEY', secret = true, contexts = [...staging, 'production'] }: Live = {},
  given: Export = state(key),
): RecoveryPlan {
  const values = contexts.map((context) => ({ id: context, context, value: undefined }));
  const live: LiveVariable = { key, secret, scopes: [], values, updatedAt, updatedBy: 'Ann' };
  return planRecovery(given, { variables: [live] } as unknown as Existing, [], netlify);
}

const actions = ({ decisions }: RecoveryPlan) => decisions.map(({ action }) => action);
const timeAfter = (after: RecoveryPlan) =>
  recovered(state('SUPABASE_SERVICE_ROLE_KEY'), after.decisions, []).deployment.resources?.[0]?.outputs?.lastUpdated;

describe('an interrupted update', () => {
  it('that did not arrive is left to the next update', () => {
    expect(actions(plan(beforeKill))).toEqual(['clear']);
  });

  it.each([
    ['a plain key', { key: 'SUPABASE_URL', secret: false }],
    ['a secret key of staging’s alone', { key: 'OPENAI_API_KEY', contexts: staging }],
  ])('of %s is acknowledged when it arrived, unasked', (_what, live) => {
    expect(actions(plan(atKill, live))).toEqual(['acknowledge']);
    expect(askedFor(plan(atKill, live))).toEqual([]);
  });

  it('of a plain key is not mistaken for somebody’s later change, which the next update compares by value', () => {
    expect(plan(later, { key: 'SUPABASE_URL', secret: false }).decisions).toMatchObject([
      {
        action: 'clear',
        note:
          'it was changed on Netlify at 2026-01-01T13:00:00Z by Ann, but the interrupted run was there at 2026-01-01T12:00:00.000Z; ' +
          'the next update writes it again. See what differs: npm run drift',
      },
    ]);
  });
});

describe('a change of a secret key that production reads, about when the run was killed', () => {
  it.each<[string, Live]>([
    ['has a value there', {}],
    ['has one for every context', { key: 'NOT_DECLARED', contexts: ['all'] }],
    ['is declared there, and has none any more', { contexts: staging }],
  ])('is never taken for the killed run’s own unasked, and its time is not recorded: the key %s', (_what, live) => {
    const found = plan(atKill, live);
    expect(actions(found)).toEqual(['leave']);
    expect(refusedNext(found)).toEqual([live.key ?? 'SUPABASE_SERVICE_ROLE_KEY']);
    expect(timeAfter(plan(atKill))).toBe(recordedTime);
  });

  it('is left with the flag that confirms it and the command that allows the next write', () => {
    expect(plan(atKill).decisions[0]?.note).toBe(
      'it was changed on Netlify at 2026-01-01T12:00:03Z by Ann. It is secret, and only a person can say whether the killed ' +
        'run did that (--arrived SUPABASE_SERVICE_ROLE_KEY). Unless one does, the next update refuses to write it: compare its ' +
        `value outside staging’s contexts, bring the vault up to date, then allow it for one run: ${allow}`,
    );
  });

  it('is asked about when the state knows no time at all', () => {
    expect(askedFor(plan(atKill, {}, state('SUPABASE_SERVICE_ROLE_KEY', {})))).toEqual(['SUPABASE_SERVICE_ROLE_KEY']);
  });

  it('is not believed, nor anybody’s to confirm, when Netlify gives no time of it', () => {
    const found = plan(undefined);
    expect([actions(found), askedFor(found), refusedNext(found)]).toEqual([
      ['leave'],
      [],
      ['SUPABASE_SERVICE_ROLE_KEY'],
    ]);
    expect(found.decisions[0]?.note).toContain(
      'Netlify gives no time of its last change. The next update refuses to write it',
    );
    expect(actions(plan(undefined, { key: 'SUPABASE_URL', secret: false }))).toEqual(['clear']);
  });

  it('is recorded once a person has named the key, and by no other key’s name', () => {
    const confirmed = withArrived(plan(atKill), ['SUPABASE_SERVICE_ROLE_KEY']);
    expect([actions(confirmed), refusedNext(confirmed), timeAfter(confirmed)]).toEqual([['acknowledge'], [], atKill]);
    expect(withArrived(plan(atKill), ['SUPABASE_URL', ''])).toEqual(plan(atKill));
  });

  it.each([
    [true, 'acknowledge'],
    [false, 'leave'],
  ])('is asked about by key, time and writer; the answer %s: %s', async (answer, action) => {
    const asked: unknown[] = [];
    const ask = (...question: unknown[]) => Promise.resolve(asked.push(question) > 0 && answer);
    expect(actions(await askArrived(plan(atKill), ask))).toEqual([action]);
    expect(asked).toEqual([
      [
        'SUPABASE_SERVICE_ROLE_KEY was changed on Netlify at 2026-01-01T12:00:03Z by Ann. Type arrived if the killed run did that, and nobody else:',
        expect.objectContaining({ yes: false, expected: 'arrived' }),
      ],
    ]);
  });

  it('by another user than this token’s is not asked about, and no flag confirms it', () => {
    const others = withoutOthers(plan(atKill), 'Bob');
    expect(askedFor(others)).toEqual([]);
    expect(withArrived(others, ['SUPABASE_SERVICE_ROLE_KEY'])).toEqual(others);
    expect(refusedNext(others)).toEqual(['SUPABASE_SERVICE_ROLE_KEY']);
    expect(others.decisions[0]?.note).toBe(
      'it was changed on Netlify at 2026-01-01T12:00:03Z by Ann, but this token is Bob’s: if the killed run had Ann’s token, ' +
        `run this with that one. Else compare its value outside staging’s contexts, bring the vault up to date, then allow it for one run: ${allow}`,
    );
  });

  it.each([['Ann'], [undefined]])('is still asked about where the token’s user is %s', (user) => {
    expect(withoutOthers(plan(atKill), user)).toEqual(plan(atKill));
  });
});

describe('a change of a secret key that production reads, long after the kill', () => {
  it('is somebody else’s: no answer records it, and the command that allows the next write is named', () => {
    const found = plan(later);
    expect(askedFor(found)).toEqual([]);
    expect(withArrived(found, ['SUPABASE_SERVICE_ROLE_KEY'])).toEqual(found);
    expect(timeAfter(found)).toBe(recordedTime);
    expect(found.decisions[0]?.note).toBe(
      'it was changed on Netlify at 2026-01-01T13:00:00Z by Ann, but the interrupted run was there at 2026-01-01T12:00:00.000Z. ' +
        'The next update refuses to write it: compare its value outside staging’s contexts, bring the vault up to date, then ' +
        `allow it for one run: ${allow}`,
    );
  });
});
