import { describe, expect, it } from '@jest/globals';
import { ratios, summary } from '../../bench/preview/statistics.ts';

describe('the statistics of a benchmark', () => {
  it('takes the middle of an odd number of measurements, whatever their order', () => {
    expect(summary([9, 1, 2])).toEqual({ median: 2, min: 1, max: 9 });
  });

  it('takes the mean of the two in the middle of an even number', () => {
    expect(summary([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it('sums up one measurement', () => {
    expect(summary([7])).toEqual({ median: 7, min: 7, max: 7 });
  });

  it('refuses to sum up nothing', () => {
    expect(() => summary([])).toThrow('nothing was measured');
  });

  it('compares round by round: what slows down a whole round does not move the ratio', () => {
    expect(ratios([2, 20, 2], [1, 10, 1])).toEqual({ median: 2, min: 2, max: 2 });
    expect(ratios([3, 2, 9], [1, 2, 3])).toEqual({ median: 3, min: 1, max: 3 });
  });

  it('refuses rounds that do not match', () => {
    expect(() => ratios([1, 2], [1])).toThrow('the rounds do not match');
  });
});
