import { z } from 'zod';

/** One thing that a request writes, by its place. Never holds its value. */
const target = z.strictObject({
  /** The place's key (`netlify`, `actionsSecret` …), or what else is written: `ruleset`, `deploy`, `kill-switch`. */
  place: z.string(),
  /** The name there. */
  name: z.string(),
  /** The context on Netlify, or the environment on GitHub. */
  in: z.string().exactOptional(),
  /** The value's keyed fingerprint, where it has one (docs/decisions/0017): known once the write is over. */
  fingerprint: z.string().exactOptional(),
});

/** `begun` before a request is sent; then how it ended. `unknown`: no answer, so the write may have happened. */
const outcome = z.enum(['begun', 'done', 'refused', 'unknown']);

/** One line of an audit trail. */
const line = z.strictObject({
  /** The line's number, from 1. */
  n: z.int().positive(),
  /** ISO 8601. */
  time: z.iso.datetime(),
  stack: z.string(),
  by: z.string(),
  /** The machine, or the address of the CI run. */
  from: z.string(),
  /** The command that wrote. */
  command: z.string(),
  /** How a person allowed it: what was typed, or the flags that stand for it. Absent where nobody was asked. */
  approval: z.string().exactOptional(),
  action: z.string(),
  writes: z.array(target),
  outcome,
  /** The number of the line that was written before the request. */
  begun: z.int().positive().exactOptional(),
  /** SHA-256 of the line before this one, as it stands in the file. Of the first: of nothing. */
  previous: z.string(),
  /** Which key signed it, by a digest of that key; absent with `mac`. */
  key: z.string().exactOptional(),
  /** HMAC-SHA-256 of the line without this member. */
  mac: z.string().exactOptional(),
});

export type Target = z.infer<typeof target>;
export type Outcome = z.infer<typeof outcome>;
export type Line = z.infer<typeof line>;
/** What a writer states of a line: its place in the chain is the file's. */
export type Statement = Omit<Line, 'n' | 'previous' | 'key' | 'mac'>;

/** A line as it stands in the file; `undefined` for what is none. */
export function parseLine(text: string): Line | undefined {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
