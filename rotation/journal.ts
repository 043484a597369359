import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../machine/writeWhole.ts';
import type { Secret } from '../secrets/secret.ts';
import { UnwrittenError } from '../secrets/vault.ts';
import { withLock } from '../machine/lock.ts';
import type { Holder } from '../machine/lockOwner.ts';
import { printable } from '../machine/printable.ts';
import { readJournal, type Journal } from './journalFile.ts';
import type { Scope } from './scope.ts';

export type { Journal } from './journalFile.ts';

/** A rotation of this value is under way: who began it, and when. */
export class UnderWayError extends UnwrittenError {
  override readonly name = 'UnderWayError';
}

/** A process of another machine that has given no sign of life for so long is dead, in milliseconds: a shared folder may lag. */
const silenceMs = 180_000;

/** The journals of a folder, one a value; its owner's alone. */
export class Journals {
  readonly #folder: string;
  #isHeld = (): boolean => true;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The journal of a value's rotation that has not come to its end. Throws a {@link DamagedJournalError}. */
  read(value: string): Journal | undefined {
    const file = this.#file(value);
    return existsSync(file) ? readJournal(file, value) : undefined;
  }

  /**
   * Keeps it, whole: a kill half way leaves the one before. Throws an {@link UnderWayError} where this process was stopped for so
   * long that another one goes on with the rotation.
   */
  save(journal: Journal): void {
    if (!this.#isHeld()) {
      throw new UnderWayError(
        `This process gave no sign of life for more than ${silenceMs / 1000} s and has lost ${this.#lock(journal.value)}, so it stops: ` +
          `another one may go on with the rotation of ${journal.value}.`,
      );
    }
    writeWhole(this.#file(journal.value), `${JSON.stringify(journal, undefined, 1)}\n`, 0o600);
  }

  remove(value: string): void {
    rmSync(this.#file(value), { force: true });
  }

  /** Holds a value for this process. Throws an {@link UnderWayError} where another process does, on whatever machine. */
  async hold<Result>(value: string, work: () => Promise<Result>): Promise<Result> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const waiting = (_: number, __: number, holder: Holder | undefined) => {
      throw new UnderWayError(`${value} is being rotated by ${this.#whoHolds(value, holder)}`);
    };
    return withLock(this.#lock(value), { waiting, silenceMs }, async (isHeld) => {
      this.#isHeld = isHeld;
      try {
        return await work();
      } finally {
        this.#isHeld = () => true;
      }
    });
  }

  #whoHolds(value: string, holder: Holder | undefined): string {
    const { by, since } = this.#readable(value) ?? {};
    const began = by === undefined ? '' : `, begun by ${by} at ${since ?? ''}`;
    if (holder === undefined) return `a process that has just ended${began}. Nothing was done. Try again.`;
    const { pid, host, since: held } = holder;
    const isHere = host === hostname();
    const where = isHere ? 'this machine' : `the machine ${printable(host)}`;
    const who = `process ${pid} of ${where}${held === undefined ? '' : ` since ${held}`}${began}. Nothing was done. `;
    if (isHere) return `${who}Its lock: ${this.#lock(value)}`;
    return (
      `${who}Its last sign of life was ${Math.round(holder.silentMs / 1000)} s ago: ${silenceMs / 1000} s after the last one, ` +
      `--resume and --back go on. Where that machine is gone for good, you need not wait: remove ${this.#lock(value)}`
    );
  }

  /** Who is told of a lock is told of it, whatever the journal is like. */
  #readable(value: string): Journal | undefined {
    try {
      return this.read(value);
    } catch {
      return undefined;
    }
  }

  #lock(value: string): string {
    return join(this.#folder, `${value}.lock`);
  }

  #file(value: string): string {
    return join(this.#folder, `${value}.json`);
  }
}

/** Whether a rotation can still be taken back: until the old one was revoked, unless it can be enabled again or opens nothing. */
export function mayGoBack({ ended, started, legacy, random }: Journal): boolean {
  return ended !== true && (started.revoke === undefined || legacy || random);
}

/** A journal before its first step. */
export function newJournal(
  value: string,
  by: string,
  { members, legacy }: Scope,
  old: (reference: string) => Secret,
  { overlapSeconds, random }: Pick<Journal, 'overlapSeconds' | 'random'>,
): Journal {
  const fingerprintKey = randomBytes(32).toString('base64');
  const made = { id: randomBytes(4).toString('hex'), value, by, since: new Date().toISOString(), fingerprintKey };
  return {
    ...made,
    direction: 'forward',
    legacy: legacy === true,
    members: members.map(({ reference, key, isProductions }) => ({
      ...{ reference, key, isProductions },
      old: fingerprint(made, old(reference)),
    })),
    started: {},
    done: {},
    overlapSeconds,
    random,
  };
}

/** What shows whether a value is the one that was there, without the value. */
export function fingerprint({ fingerprintKey }: Pick<Journal, 'fingerprintKey'>, value: Secret): string {
  return createHmac('sha256', fingerprintKey).update(value.reveal()).digest('base64url');
}
