import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AggregatedResult, Test } from '@jest/test-result';
import { join } from 'node:path';
import RunningNow from './runningNow.ts';

const file = (name: string) => ({ path: join(process.cwd(), name) }) as Test;

describe('the lines of a test run in which no file ends', () => {
  let written: string[];

  beforeEach(() => {
    written = [];
    jest.useFakeTimers();
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('name what runs and for how long, every ten seconds, and stop with the run', () => {
    const reporter = new RunningNow();
    reporter.onRunStart({ numTotalTestSuites: 3 } as AggregatedResult);
    reporter.onTestFileStart(file('test/a.test.ts'));
    reporter.onTestFileStart(file('test/b.test.ts'));
    jest.advanceTimersByTime(9000);
    reporter.onTestFileResult(file('test/a.test.ts'));
    expect(written).toEqual([]);
    jest.advanceTimersByTime(20_000);
    expect(written).toEqual([
      '1 of 3 files done; running: test/b.test.ts (19 s)\n',
      '1 of 3 files done; running: test/b.test.ts (29 s)\n',
    ]);
    reporter.onRunComplete();
    jest.advanceTimersByTime(60_000);
    expect(written).toHaveLength(2);
  });
});
