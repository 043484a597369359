import { createHash, createHmac, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { DigestOf, Found } from '../../files/scanSource.ts';

const foundSchema = z.object({
  finding: z.object({
    file: z.string(),
    line: z.number(),
    column: z.number(),
    rule: z.string(),
    severity: z.enum(['error', 'warning']),
    summary: z.string(),
    fix: z.string(),
    fingerprint: z.string(),
    commit: z.string().exactOptional(),
  }),
  digest: z.string().exactOptional(),
});
const headSchema = z.object({ key: z.string().length(44) });
const entrySchema = z.object({ hash: z.string(), found: z.array(foundSchema) });

/** One content of a history, with what it holds. */
export interface Entry {
  readonly hash: string;
  readonly found: readonly Found[];
}

/** A line that was cut short by a kill is none: its content is scanned again. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The digest of what decides about findings: with other rules, a journal is of no use. */
export function rulesDigest(root: string): string {
  const hash = createHash('sha256');
  for (const folder of ['detection', 'files']) {
    const below = join(root, folder);
    const files = readdirSync(below, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    for (const name of files.sort()) hash.update(`${name}\0`).update(readFileSync(join(below, name)));
  }
  return hash.digest('hex');
}

/**
 * Where an interrupted scan of a history goes on: the contents that are done, and what they hold. A file of the user's alone
 * (0600). It holds no value; the digests by which values are compared are made with a key of this file's own.
 */
export class Journal {
  readonly #file: string;
  readonly #handle: number;
  readonly #done = new Map<string, readonly Found[]>();
  /** Digests that an earlier run's can be compared with. */
  readonly digestOf: DigestOf;

  /** Opens the journal of `subject` (a repository, the rules) below `folder`, and begins it where there is none. */
  constructor(folder: string, subject: readonly string[]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const name = createHash('sha256').update(subject.join('\0')).digest('hex').slice(0, 24);
    this.#file = join(folder, `${name}.jsonl`);
    this.#handle = openSync(this.#file, 'a+', 0o600);
    const [first = '', ...lines] = readFileSync(this.#file, 'utf8').split('\n');
    const head = headSchema.safeParse(parsed(first));
    if (!head.success && first !== '') {
      closeSync(this.#handle);
      rmSync(this.#file, { force: true });
      this.#handle = openSync(this.#file, 'a+', 0o600);
    }
    const key = head.success ? head.data.key : randomBytes(32).toString('base64');
    if (head.success)
      writeSync(this.#handle, '\n'); // ends a line that was cut short
    else writeSync(this.#handle, `${JSON.stringify({ key })}\n`);
    for (const line of head.success ? lines : []) {
      const entry = entrySchema.safeParse(parsed(line));
      if (entry.success) this.#done.set(entry.data.hash, entry.data.found);
    }
    this.digestOf = (value) => createHmac('sha256', key).update(value).digest('base64');
  }

  /** What is done already. */
  get done(): ReadonlyMap<string, readonly Found[]> {
    return this.#done;
  }

  /** Notes contents that are done. */
  add(entries: readonly Entry[]): void {
    if (entries.length > 0) writeSync(this.#handle, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }

  /** Leaves the journal for the next run. */
  close(): void {
    closeSync(this.#handle);
  }

  /** Removes the journal: the scan came to its end. */
  remove(): void {
    closeSync(this.#handle);
    rmSync(this.#file, { force: true });
  }
}
