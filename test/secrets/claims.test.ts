import { describe, expect, it } from '@jest/globals';
import { claimsOf } from '../../secrets/claims.ts';
import { endOf, madeAt, nearEnd, validDate } from '../../secrets/expiry.ts';

const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
const token = (claims: unknown) => ['header', part(claims), 'signature'].join('.');

describe('what a token says of itself', () => {
  it('is its end, when it was made, and its project', () => {
    const claims = { exp: 2_000_000_000, iat: 1_700_000_000, ref: 'project' };
    expect(claimsOf(token({ ...claims, role: 'anon' }))).toEqual(claims);
    expect(endOf(token(claims))).toEqual(new Date(2_000_000_000_000));
    expect(madeAt(token(claims))).toEqual(new Date(1_700_000_000_000));
  });

  it.each([
    ['text', 'a value'],
    ['two parts', ['header', part({ exp: 1 })].join('.')],
    ['four parts', [token({ exp: 1 }), 'more'].join('.')],
    ['three words', 'www.example.com'],
    ['an end that is no number', token({ exp: 'soon' })],
    ['an end before all time', token({ exp: -1 })],
    ['a making at no time', token({ iat: 0 })],
    ['a list', token([1])],
  ])('is nothing for %s', (_, value) => {
    expect(claimsOf(value)).toBeUndefined();
    expect([endOf(value), madeAt(value)]).toEqual([undefined, undefined]);
  });

  it('has no end where it names none, or one that no calendar has', () => {
    expect(endOf(token({ iat: 1_700_000_000 }))).toBeUndefined();
    expect(endOf(token({ exp: 1e15 }))).toBeUndefined();
    expect(validDate(0)).toEqual(new Date(0));
  });
});

describe('an end that is near', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  const end = (days: number) => nearEnd(new Date(now + days * 86_400_000), now);
  it.each([
    [30, undefined],
    [29.9, { text: 'ends on 2026-12-28, in 29 days', days: 29 }],
    [2, { text: 'ends on 2026-11-30, in 2 days', days: 2 }],
    [1.5, { text: 'ends on 2026-11-30, in 1 day', days: 1 }],
    [0.1, { text: 'ends on 2026-11-28, within a day', days: 0 }],
    [0, { text: 'ended on 2026-11-28', days: 0 }],
    [-1, { text: 'ended on 2026-11-27', days: -1 }],
  ])('in %d days is said so', (days, said) => {
    expect(end(days)).toEqual(said);
  });
});
