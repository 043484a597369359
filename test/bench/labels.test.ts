import { describe, expect, it } from '@jest/globals';
import { judged, parseLabels, placeFingerprint } from '../../bench/scan/labels.ts';

const place = (file: string, line: number) => ({ file, line });
const secret = place('a.env', 3);
const harmless = place('b.md', 1);
const missed = place('c.js', 9);
const labels = parseLabels(
  [
    '# at commit 0123abcd',
    `${placeFingerprint(secret)} true a key`,
    '',
    `${placeFingerprint(harmless)} false the name of a picture`,
    `${placeFingerprint(missed)} true`,
  ].join('\n'),
);

describe('labels of a real repository', () => {
  it('give precision and recall, and leave open what nobody decided; several findings of one line are one', () => {
    const open = place('d.js', 1);
    expect(judged([secret, { ...secret }, harmless, open], labels)).toEqual({
      right: 1,
      missed: 1,
      wrong: 1,
      open: [open],
      precision: 0.5,
    });
    expect(judged([], labels)).toMatchObject({ right: 0, missed: 2, wrong: 0, precision: undefined });
  });

  it.each(['0123456789ab', '0123456789ab maybe', 'xyz true', '0123456789AB true'])(
    'refuses %j, with its line',
    (line) => {
      expect(() => parseLabels(`# fine\n${line}\n`)).toThrow('--labels, line 2');
    },
  );

  it('tell places by file and line alone', () => {
    const marks = [place('a', 1), place('a', 2), place('b', 1)].map(placeFingerprint);
    expect(new Set(marks).size).toBe(3);
    for (const mark of marks) expect(mark).toMatch(/^[0-9a-f]{12}$/);
  });
});
