import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprint } from '../secrets/fingerprint.ts';
import { projectAround, projectRoot } from '../settings/stack/projectRoot.ts';
import { append } from './file.ts';
import { lockWaitMs } from './lock.ts';
import type { Outcome, Statement, Target } from './line.ts';
import { origin, writer } from './origin.ts';
import { stackName } from '../settings/stack/stackFile.ts';
import { defaultStack } from '../settings/stack/stackFile.ts';

/** What a request writes into one place. Of the value only its fingerprint is kept. */
export interface Write {
  /** The place's key (`netlify`, `actionsSecret` …), or what else is written. */
  readonly place: string;
  readonly name: string;
  /** The context on Netlify, or the environment on GitHub. */
  readonly in?: string | undefined;
  readonly value?: string | undefined;
}

/** What every write states before it is made: one request may write several places. */
export interface Act {
  /** `set`, `delete`, `restore` … */
  readonly action: string;
  readonly writes: readonly Write[];
}

/** Where this process's lines go, and what they say of it. */
export interface Trail {
  readonly stack: string;
  readonly command: string;
  /** The file that the team chose; the usual one when absent. */
  readonly file: () => string | undefined;
  /** The stack's fingerprint key, which signs lines; `undefined` where it cannot be had: then they are linked alone. */
  readonly key: () => Promise<string | undefined>;
}

let current: Trail = {
  stack: defaultStack,
  command: 'unnamed',
  file: () => undefined,
  key: () => Promise.resolve(undefined),
};
/** How long this process's writes wait for the key, in milliseconds and all together: after that, only for one that is there. */
const keyWaitMs = 1_000;

let approvals: readonly string[] = [];
/** Once a line could not be written, this process waits for no lock any more, and says no more of it. */
let failed = false;
let keyPatienceMs = keyWaitMs;

/** From here on, this process's lines go there. */
export function openTrail(trail: Trail): void {
  current = trail;
  failed = false;
  keyPatienceMs = keyWaitMs;
}

/**
 * How a person allowed what this process writes from here on: never what is a secret. A later answer stands beside the earlier
 * ones: it takes back none of them.
 */
export function approvedBy(how: string): void {
  approvals = [...approvals.filter((each) => !`${how} `.startsWith(`${each} `)), how];
}

/** The file of a trail: `STAGING_AUDIT_FILE`, else the chosen one, else one beside Pulumi.yaml that git ignores. */
export function trailFile(stack: string, chosen: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const { STAGING_AUDIT_FILE: given } = env;
  if (given !== undefined && given !== '') return resolve(given);
  return resolve(projectRoot(), chosen ?? `.audit/${stackName(stack)}.jsonl`);
}

/**
 * Makes one write with a line before it and a line after it. What cannot be recorded is said once on standard error, and the
 * write goes on: nothing is kept from production for a full disk, and nothing is written twice. Nor does a write wait long for
 * its lines: the key is read while the request is under way, and without it the line is linked alone.
 * `outcomeOf` says of an error whether the write was refused; `actAfter` what was written, where only the answer says it.
 */
export async function audited<Result>(
  act: Act,
  work: () => Promise<Result> | Result,
  outcomeOf: (error: unknown) => 'refused' | 'unknown' = () => 'unknown',
  actAfter: (result: Result) => Act = () => act,
): Promise<Result> {
  // Without the key: nothing that a person waits for in an emergency waits for it. The line after it seals this one.
  const begun = record(act, 'begun', undefined, undefined);
  let outcome: Outcome = 'done';
  let after = act;
  const key = startKey();
  try {
    const result = await work();
    after = actAfter(result);
    return result;
  } catch (error) {
    outcome = outcomeOf(error);
    throw error;
  } finally {
    record(after, outcome, begun, await soon(key));
  }
}

/** Adds the line of a write that is over already, as the engine reports it. */
export async function recordDone(act: Act): Promise<void> {
  record(act, 'done', undefined, await soon(startKey()));
}

/** Begins to read the key, once what the caller does in this turn is done: the request goes first. */
function startKey(): Promise<string | undefined> {
  const { key } = current;
  return Promise.resolve()
    .then(key)
    .catch(() => undefined);
}

/** The key, where it comes within what is left of {@link keyWaitMs}. */
async function soon(key: Promise<string | undefined>): Promise<string | undefined> {
  const begin = performance.now();
  const over = new AbortController();
  try {
    return await Promise.race([key, sleep(keyPatienceMs, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
    keyPatienceMs = Math.max(0, keyPatienceMs - (performance.now() - begin));
  }
}

function record({ action, writes }: Act, outcome: Outcome, begun: number | undefined, key: string | undefined) {
  const { stack, command, file } = current;
  const statement: Statement = {
    time: new Date().toISOString(),
    stack,
    by: writer(),
    from: origin(),
    command,
    ...(approvals.length > 0 && { approval: approvals.join('; ') }),
    action,
    writes: writes.map((write) => target(write, key)),
    outcome,
    ...(begun !== undefined && { begun }),
  };
  // In the application's repository nobody keeps a trail, unless its file is named.
  if (projectAround() === undefined && !process.env.STAGING_AUDIT_FILE) return undefined;
  try {
    return append(trailFile(stack, file()), statement, key, failed ? 0 : lockWaitMs);
  } catch (error) {
    if (!failed)
      process.stderr.write(
        `No audit line: ${(error instanceof Error ? error.message : String(error)).replace(/\.$/, '')}. The write goes on.\n`,
      );
    failed = true;
    return undefined;
  }
}

function target({ place, name, in: where, value }: Write, key: string | undefined): Target {
  const print = value === undefined ? undefined : fingerprint(value, key);
  return { place, name, ...(where !== undefined && { in: where }), ...(print !== undefined && { fingerprint: print }) };
}
