import { relative } from 'node:path';
import type { AggregatedResult, Test } from '@jest/test-result';

/** A line comes after this many milliseconds in which no file ended. */
const quietMs = 10_000;

/** Says which test files run now while none ends, on a terminal or not; jest's own reporter prints each file as it ends. */
export default class RunningNow {
  private readonly running = new Map<string, number>();
  private total = 0;
  private done = 0;
  private lastLine = Date.now();
  private timer: NodeJS.Timeout | undefined;

  onRunStart({ numTotalTestSuites }: AggregatedResult): void {
    this.total = numTotalTestSuites;
    this.timer = setInterval(() => this.print(), 1000);
    this.timer.unref();
  }

  onTestFileStart({ path }: Test): void {
    this.running.set(path, Date.now());
  }

  onTestFileResult({ path }: Test): void {
    this.running.delete(path);
    this.done += 1;
    this.lastLine = Date.now();
  }

  onRunComplete(): void {
    clearInterval(this.timer);
  }

  private print(): void {
    const now = Date.now();
    if (this.running.size === 0 || now - this.lastLine < quietMs) return;
    this.lastLine = now;
    const files = [...this.running].map(
      ([path, since]) => `${relative(process.cwd(), path)} (${Math.round((now - since) / 1000)} s)`,
    );
    process.stderr.write(`${this.done} of ${this.total} files done; running: ${files.join(', ')}\n`);
  }
}
