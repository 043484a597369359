import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../machine/writeWhole.ts';
import type { Secret } from '../secrets/secret.ts';
import { UnwrittenError } from '../secrets/vault.ts';
import { withLock } from '../machine/lock.ts';
import type { StepId } from './plan.ts';
import type { Scope } from './scope.ts';

const steps = z.partialRecord(
  z.enum([
    'make',
    'staging-vault',
    'staging-places',
    'staging-deploy',
    'production-vault',
    'production-places',
    'production-deploy',
    'overlap',
    'revoke',
  ] satisfies StepId[]),
  z.iso.datetime(),
);

const schema = z.object({
  /** Distinguishes this rotation from every other one; part of the new keys' name at Supabase. */
  id: z.string(),
  value: z.string(),
  by: z.string(),
  since: z.iso.datetime(),
  direction: z.enum(['forward', 'back']),
  /** Of this journal alone: fingerprints of two rotations cannot be compared. */
  fingerprintKey: z.string(),
  legacy: z.boolean(),
  /** The fields that change, each with the fingerprint of the value that it had. */
  members: z.array(
    z.object({
      reference: z.string(),
      key: z.enum(['secret', 'publishable', 'value']),
      isProductions: z.boolean(),
      old: z.string(),
      /** Of the new value, kept before it is written. */
      fresh: z.string().optional(),
    }),
  ),
  started: steps,
  done: steps,
  overlapSeconds: z.number(),
  random: z.boolean(),
  /** When a rotation that is taken back had put the old value back into its places. */
  restored: z.iso.datetime().optional(),
  /** Everything is done but taking the marks away. */
  ended: z.literal(true).optional(),
});

/** What is kept of a rotation: names, times and keyed fingerprints. Never a value. */
export type Journal = z.infer<typeof schema>;

/** A rotation of this value is under way: who began it, and when. */
export class UnderWayError extends UnwrittenError {
  override readonly name = 'UnderWayError';
}

/** The journals of a folder, one a value; its owner's alone. */
export class Journals {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The journal of a value's rotation that has not come to its end. */
  read(value: string): Journal | undefined {
    const file = this.#file(value);
    return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  }

  /** Keeps it, whole: a kill half way leaves the one before. */
  save(journal: Journal): void {
    writeWhole(this.#file(journal.value), `${JSON.stringify(journal, undefined, 1)}\n`, 0o600);
  }

  remove(value: string): void {
    rmSync(this.#file(value), { force: true });
  }

  /** Holds a value for this process. Throws an {@link UnderWayError} where another process of this machine does. */
  async hold<Result>(value: string, work: () => Promise<Result>): Promise<Result> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const waiting = (pid: number) => {
      const { by, since } = this.read(value) ?? {};
      const who = by === undefined ? '' : `, begun by ${by} at ${since ?? ''}`;
      throw new UnderWayError(`${value} is being rotated by process ${pid} of this machine${who}. Nothing was done.`);
    };
    return withLock(join(this.#folder, `${value}.lock`), { waiting }, work);
  }

  #file(value: string): string {
    return join(this.#folder, `${value}.json`);
  }
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
