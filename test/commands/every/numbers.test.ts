import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { timeLimitMs } from '../../../machine/decimal.ts';
import { numberOf, seconds } from '../../../cli/numbers.ts';
import { bareProgram } from '../../../cli/bareProgram.ts';
import { define, ends } from '../../../cli/define.ts';
import { timeout } from '../../../cli/options.ts';

const none = [
  'abc',
  '',
  ' ',
  '-1',
  '+1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e9',
  '0x10',
  '1,5',
  '1.',
  '.5',
  '5s',
  '٣',
  '1_000',
];

describe('a numeric option', () => {
  it.each([...none, '0', '86401', '99999999999999999999'])('refuses %j', (text) => {
    expect(() => numberOf('--timeout', text, seconds)).toThrow(
      '--timeout is a number of seconds, more than 0 and at most 86400.',
    );
  });

  it.each([
    ['1', 1],
    ['0.5', 0.5],
    ['86400', 86400],
    ['007', 7],
  ])('takes %s', (text, value) => {
    expect(numberOf('--timeout', text, seconds)).toBe(value);
  });

  it('knows its own bounds, and whole numbers', () => {
    expect(numberOf('--grace', '0', { ...seconds, least: 0 })).toBe(0);
    expect(() => numberOf('--pull-request', '1.5', { most: 10, whole: true })).toThrow(
      '--pull-request is a whole number, more than 0 and at most 10.',
    );
  });

  describe('of a command', () => {
    const { exitCode } = process;
    afterEach(() => {
      process.exitCode = exitCode;
      jest.restoreAllMocks();
    });

    it.each(none)('stops it before it begins (%j)', async (text) => {
      jest.spyOn(process.stderr, 'write').mockReturnValue(true);
      jest.spyOn(global, 'setTimeout').mockReturnValue({ unref: () => undefined } as never);
      const run = jest.fn(() => 0);
      const command = define('x', 'X.').addOption(timeout('how long')).action(ends(run));
      await bareProgram(command).run([`--timeout=${text}`]);
      expect(run).not.toHaveBeenCalled();
      expect(process.exitCode).toBe(1);
    });
  });
});

describe('a time limit in the environment', () => {
  it.each([...none.filter((text) => text !== ''), '0', '3601'])('refuses %j', (text) => {
    expect(() => timeLimitMs('STAGING_REQUEST_TIMEOUT', 1, { STAGING_REQUEST_TIMEOUT: text })).toThrow(
      'STAGING_REQUEST_TIMEOUT is a number of seconds',
    );
  });

  it('is the preset where none is set', () => {
    expect(timeLimitMs('X', 7, {})).toBe(7);
    expect(timeLimitMs('X', 7, { X: '' })).toBe(7);
    expect(timeLimitMs('X', 7, { X: '2' })).toBe(2000);
  });
});
