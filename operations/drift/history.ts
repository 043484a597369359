import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../machine/writeWhole.ts';
import type { DriftSeverity, Finding } from './finding.ts';
import type { LookOptions } from './look.ts';

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

/** A missing or damaged memory counts as empty: it must never keep a finding from being told. */
export function readMemory(file: string): Memory {
  try {
    const { runs, told, failing } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Memory>;
    return { runs: Array.isArray(runs) ? runs : [], told: Array.isArray(told) ? told : [], failing: failing === true };
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
