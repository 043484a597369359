import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../machine/writeWhole.ts';
import type { Finding } from './finding.ts';
import { severities, type DriftSeverity } from './kind.ts';
import { driftKinds } from './kinds.ts';
import type { Moved } from './sightings.ts';
import type { LookOptions } from './observed.ts';

/** One earlier run. */
export interface Run {
  /** ISO 8601. */
  readonly time: string;
  readonly counts: Readonly<Record<DriftSeverity, number>>;
  readonly complete: boolean;
}

/** What earlier runs left: how they ended, and which findings somebody was told of. */
export interface Memory {
  readonly runs: readonly Run[];
  readonly told: readonly Finding[];
  /** Whether somebody was told that the look itself fails, and not yet that it works again. */
  readonly failing: boolean;
  /** The findings whose time a fix of ours has moved. */
  readonly moved?: readonly Moved[];
}

const keptRuns = 30;

/** The file of one environment: `DRIFT_STATE_DIR` (a CI cache carries it from run to run), else the user's cache. */
export function memoryFile({ stack, repository }: LookOptions, env: NodeJS.ProcessEnv = process.env): string {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = env.DRIFT_STATE_DIR ?? join(cache, 'allincompassing-staging', 'drift');
  const which = [stack, repository.owner, repository.repository, env.PULUMI_BACKEND_URL, env.NETLIFY_API_ENDPOINT];
  const name = createHash('sha256').update(JSON.stringify(which)).digest('hex').slice(0, 16);
  return join(folder, `${name}.json`);
}

const count = z.number().int().nonnegative();
const run = z.object({
  time: z.iso.datetime(),
  counts: z.object({ low: count, medium: count, high: count, critical: count }),
  complete: z.boolean(),
});
const toldFinding = z.custom<Finding>((each) => finding.safeParse(each).success);
const finding = z.object({
  id: z.string(),
  kind: z.string().refine((name) => name in driftKinds),
  severity: z.enum(severities),
  what: z.string(),
  where: z.object({ target: z.string(), subject: z.string(), contexts: z.array(z.string()).optional() }),
  since: z.string().optional(),
  by: z.string().optional(),
  fix: z.object({
    by: z.enum(['machine', 'ask', 'person']),
    production: z.string().optional(),
    command: z.string(),
    note: z.string().optional(),
  }),
});
const movedFinding = z.object({
  id: z.string(),
  at: z.string(),
  since: z.string().exactOptional(),
  by: z.string().exactOptional(),
});
const remembered = z.object({
  runs: z.array(z.unknown()),
  told: z.array(z.unknown()),
  failing: z.unknown(),
  moved: z.array(z.unknown()).default([]),
});

/** An entry that is what it should be, or none: a cache is written by whoever can write to it. */
function valid<Entry>(schema: z.ZodType<Entry>): (entry: unknown) => Entry[] {
  return (entry) => {
    const parsed = schema.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  };
}

/** A missing or damaged memory counts as empty: it must never keep a finding from being told. */
export function readMemory(file: string): Memory {
  try {
    const { runs, told, failing, moved } = remembered.parse(JSON.parse(readFileSync(file, 'utf8')));
    return {
      runs: runs.flatMap(valid(run)),
      told: told.flatMap(valid(toldFinding)),
      failing: failing === true,
      ...(moved.length > 0 && { moved: moved.flatMap(valid(movedFinding)) }),
    };
  } catch {
    return { runs: [], told: [], failing: false };
  }
}

/** Writes the memory whole. */
export function writeMemory(file: string, memory: Memory): void {
  writeWhole(file, JSON.stringify(memory), 0o600);
}

/** The memory with this run added. */
export function withRun(memory: Memory, findings: readonly Finding[], complete: boolean, now: number): Memory {
  const count = (severity: DriftSeverity) => findings.filter((each) => each.severity === severity).length;
  const counts = { low: count('low'), medium: count('medium'), high: count('high'), critical: count('critical') };
  const run = { time: new Date(now).toISOString(), counts, complete };
  return { ...memory, runs: [...memory.runs, run].slice(-keptRuns) };
}
