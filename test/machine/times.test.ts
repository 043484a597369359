import { describe, expect, it } from '@jest/globals';
import { isBefore, isSameTime, newestFirst } from '../../machine/times.ts';
import { readFromDeployAfter } from '../../settings/nextDeploy.ts';

// As texts each of these pairs is in the other order, or differs.
describe('a time is compared as a time', () => {
  it.each([
    ['with a fraction', '2026-01-31T22:00:00Z', '2026-01-31T22:00:00.500Z'],
    ['in another zone', '2026-02-01T00:30:00+02:00', '2026-01-31T23:00:00Z'],
  ])('%s', (_what, earlier, later) => {
    expect([isBefore(earlier, later), isBefore(later, earlier)]).toEqual([true, false]);
    expect([earlier, later].sort(newestFirst)).toEqual([later, earlier]);
    expect(readFromDeployAfter([later, earlier])).toContain(`after ${later}:`);
    expect(isSameTime(earlier, later)).toBe(false);
  });

  it('knows the same moment in another spelling, and an unknown one as the oldest', () => {
    expect(isSameTime('2026-01-31T22:00:00Z', '2026-01-31T23:00:00.000+01:00')).toBe(true);
    expect(isBefore('2026-01-31T22:00:00Z', '2026-01-31T23:00:00.000+01:00')).toBe(false);
    expect([undefined, '2026-01-31T22:00:00Z'].sort(newestFirst)[0]).toBe('2026-01-31T22:00:00Z');
    expect([isBefore(undefined, '2026-01-31T22:00:00Z'), isSameTime(undefined, '')]).toEqual([true, false]);
  });
});
