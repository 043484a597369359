import { describe, expect, it } from '@jest/globals';
import { asData, describe as asText, missed, type SizeResult } from '../../bench/preview/table.ts';

const result = (seconds: readonly number[], requests: number): SizeResult => ({
  size: 10,
  measured: new Map([
    ['terraform', { seconds: [1, 1, 1], requests: 9 }],
    ['preview', { seconds: [...seconds], requests }],
    ['floor', { seconds: [9, 9, 9], requests: 99 }],
  ]),
  phases: new Map(),
  judged: ['preview'],
});
const targets = { 10: 2 };

describe('the table of a benchmark', () => {
  it.each([
    ['meets the target by its median', result([2, 2, 5], 9), []],
    ['is too slow', result([2, 2.1, 2.2], 9), ['preview']],
    ['makes more requests', result([1, 1, 1], 10), ['preview']],
  ])('judges one that %s', (_, measured, late) => {
    expect(missed(measured, targets)).toEqual(late);
    expect(missed(measured, {})).toEqual([]);
    const marked = asText(measured, targets)
      .split('\n')
      .filter((line) => line.endsWith('target missed'));
    expect(marked.map((line) => line.trim().split(' ')[0])).toEqual(late);
    expect(asData(measured, targets)).toMatchObject({
      contestants: [{ missed: false }, { name: 'preview', missed: late.length > 0 }, { missed: false }],
    });
  });
});
