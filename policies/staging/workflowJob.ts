import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What keeps a workflow's job from reporting as a required check; nothing when it does. */
export type JobProblem = string | undefined;

const folders = ['.github/workflows', 'pipeline'];

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The workflows of a program's folder: its own, and the ones that it hands to the application. */
function* workflowFiles(folder: string): Generator<string> {
  for (const below of folders) {
    if (!existsSync(join(folder, below))) continue;
    for (const entry of readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })) {
      if (/\.ya?ml$/.test(entry)) yield join(below, entry).replaceAll('\\', '/');
    }
  }
}

/** Events by name; each with its filters. */
function eventsOf(workflow: Record<string, unknown>): Record<string, unknown> {
  const on = workflow.on ?? workflow.true; // YAML 1.1 reads `on` as true
  if (typeof on === 'string') return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries(on.map((event) => [String(event), {}]));
  return record(on);
}

function problemOf(workflow: Record<string, unknown>, job: Record<string, unknown>): JobProblem {
  const events = eventsOf(workflow);
  const missing = ['pull_request', 'merge_group', 'push'].filter((event) => !(event in events));
  if (missing.length > 0) return `does not run on ${missing.join(', ')}`;
  const filtered = ['paths', 'paths-ignore'].find((filter) => filter in record(events.pull_request));
  if (filtered)
    return `runs on pull requests only for some ${filtered}, and a check that does not report blocks for ever`;
  if (job.needs !== undefined && !/always\(\)|!\s*cancelled\(\)/.test(typeof job.if === 'string' ? job.if : '')) {
    return 'is skipped when a job that it needs fails, and a skipped job counts as a success (add if: always() and fail explicitly)';
  }
  return undefined;
}

/** Looks for a job that reports the check: `undefined` when there is one that reports everywhere, else what is wrong. */
export function checkJobProblem(folder: string, check: string): JobProblem {
  const problems: string[] = [];
  for (const file of workflowFiles(folder)) {
    let workflow: Record<string, unknown>;
    try {
      workflow = record(parse(readFileSync(join(folder, file), 'utf8')));
    } catch {
      continue; // not a workflow that anything could run
    }
    for (const [id, value] of Object.entries(record(workflow.jobs))) {
      const job = record(value);
      if ((job.name ?? id) !== check) continue;
      const problem = problemOf(workflow, job);
      if (problem === undefined) return undefined;
      problems.push(`the job in ${file} ${problem}`);
    }
  }
  return problems[0] ?? `no workflow in ${folders.join(' or ')} has a job of this name`;
}
