import { describe, expect, it } from '@jest/globals';
import { withSeenTimes } from '../../adoption/seenTimes.ts';
import type { LiveVariable } from '../../services/netlify/netlify.ts';

const resource = (name: string) => ({ urn: `urn:pulumi:staging::p::t::${name}`, type: 't', outputs: { key: 'KEY' } });
const seen = (updatedAt: string | undefined): LiveVariable[] => [
  { key: 'KEY', secret: true, scopes: [], values: [], updatedAt, updatedBy: undefined },
];

describe('the time that adoption records', () => {
  it.each([
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00Z'],
    ['2026-01-01T10:00:00.999Z', '2026-01-01T10:00:00Z'],
    ['2026-01-01T12:00:00.5+02:00', '2026-01-01T10:00:00Z'],
  ])('is the one of the change that was seen, %s, and never later: %s', (updatedAt, lastUpdated) => {
    const others = [resource('netlify-OTHER'), resource('github-KEY')];
    expect(withSeenTimes([resource('netlify-KEY'), ...others], seen(updatedAt))).toEqual([
      { ...resource('netlify-KEY'), outputs: { key: 'KEY', lastUpdated } },
      ...others,
    ]);
  });

  it('is none where Netlify tells none', () => {
    expect(withSeenTimes([resource('netlify-KEY')], seen(undefined))).toEqual([resource('netlify-KEY')]);
  });
});
