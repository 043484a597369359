import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../machine/writeWhole.ts';

/** When each alert was last sent, by fingerprint: a folder that a CI cache can carry from one run to the next. */
export class SentAlerts {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'sent-alerts.json');
  }

  /** How long ago, in milliseconds, the alert was sent; `undefined` when never, or when it is not known. */
  age(fingerprint: string, now: number): number | undefined {
    const time = this.#read()[fingerprint];
    return time === undefined || time > now ? undefined : now - time;
  }

  /** Remembers an alert that was sent, and forgets those older than `keepMs`. */
  record(fingerprint: string, now: number, keepMs: number): void {
    const kept = Object.entries(this.#read()).filter(([, time]) => now - time < keepMs);
    writeWhole(this.#file, JSON.stringify({ ...Object.fromEntries(kept), [fingerprint]: now }));
  }

  /** A missing or broken memory must never keep an alert from being sent: it counts as empty. */
  #read(): Record<string, number> {
    try {
      const known: unknown = JSON.parse(readFileSync(this.#file, 'utf8'));
      if (typeof known !== 'object' || known === null) return {};
      return Object.fromEntries(
        Object.entries(known).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
    } catch {
      return {};
    }
  }
}
