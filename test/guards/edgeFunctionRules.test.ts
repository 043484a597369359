import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { productionChange, refusal, type PlannedSecret } from '../../guards/edgeFunctionRules.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const allow = 'ALLOW';
const write = (more: Partial<PlannedSecret> = {}): PlannedSecret => ({
  name: 'KEY',
  planned: 'new',
  previous: 'old',
  live: { name: 'KEY', digest: digestOf('old'), updatedAt: '2026-01-01T00:00:00Z' },
  others: [],
  ...more,
});
const live = (value: string) => ({ name: 'KEY', digest: digestOf(value) });

describe('an update of an Edge Function secret', () => {
  it.each<[string, Partial<PlannedSecret>]>([
    ['writes what is there already', { live: live('new') }],
    ['writes what is there, and the stack does not know it', { live: live('new'), previous: undefined }],
    ['does not know the value: a preview without the vault', { planned: undefined }],
    ['makes one again that somebody deleted', { live: undefined }],
  ])('changes nothing that production reads where it %s', (_, more) => {
    expect(productionChange(write(more), allow)).toBeUndefined();
  });

  it('is refused where production would read another value', () => {
    expect(productionChange(write(), allow)).toBe(
      "the Edge Function secret KEY would become another value, and production's functions read it at once. If that is meant: ALLOW",
    );
  });

  it.each<[string, Partial<PlannedSecret>]>([
    ['somebody changed it since', { live: live('of somebody') }],
    ['a refresh has seen another digest', { live: live('of somebody'), previous: undefined }],
    ['an adoption could not prove the value', { live: live('of production'), previous: undefined }],
    ['Supabase shows no digest', { live: { name: 'KEY' } }],
  ])('is refused where %s, without a value', (_, more) => {
    const reason = productionChange(write(more), allow);
    expect(reason).toContain('was changed at Supabase, after');
    expect(reason).toContain('Bring the vault up to date first. If this write is meant: ALLOW');
    expect(reason).not.toMatch(/of somebody|of production/);
  });

  it('names the time of the change where Supabase tells it', () => {
    const given = { ...live('of somebody'), updatedAt: '2026-01-02T03:04:05Z' };
    expect(productionChange(write({ live: given }), allow)).toContain('at 2026-01-02T03:04:05Z');
  });
});

describe('a write of an Edge Function secret that must never be made', () => {
  it('is one that would delete others of the project', () => {
    expect(refusal(write({ others: ['A', 'B'] }))).toContain('also holds A, B in the state');
  });

  it('is one of an empty value', () => {
    expect(refusal(write({ planned: '' }))).toContain('would be empty');
    expect(refusal(write())).toBeUndefined();
  });
});
