import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { eventsOf, tableOf } from '../../workflows/content.ts';
import { eventProblems } from '../../workflows/events.ts';
import { requiredJobProblem } from '../../workflows/requiredJob.ts';

/** What keeps a workflow's job from reporting as a required check; nothing when it does. */
export type JobProblem = string | undefined;

const folders = ['.github/workflows', 'pipeline'];

/** The workflows of a program's folder: its own, and the ones that it hands to the application. */
function* workflowFiles(folder: string): Generator<string> {
  for (const below of folders) {
    if (!existsSync(join(folder, below))) continue;
    for (const entry of readdirSync(join(folder, below), { recursive: true, encoding: 'utf8' })) {
      if (/\.ya?ml$/.test(entry)) yield join(below, entry).replaceAll('\\', '/');
    }
  }
}

/** What is wrong with the workflow's events for a required check of the branch. */
function eventProblem(on: unknown, branch: string): JobProblem {
  const problems = eventProblems(eventsOf(on), branch);
  const [filtered] = problems.filter(({ missing }) => !missing);
  const missing = problems.filter((one) => one.missing).map(({ event }) => event);
  if (missing.length > 0) return `does not run on ${missing.join(', ')}`;
  return filtered && `${filtered.what}, and a check that does not report blocks for ever`;
}

/** Finds a job that reports the check: `undefined` when there is one that reports everywhere, else what is wrong. */
export function checkJobProblem(folder: string, check: string, branch: string): JobProblem {
  const problems: string[] = [];
  for (const file of workflowFiles(folder)) {
    let workflow: Readonly<Record<string, unknown>>;
    try {
      workflow = tableOf(parse(readFileSync(join(folder, file), 'utf8'), { version: '1.2' }));
    } catch {
      continue; // not a workflow that anything could run
    }
    for (const [id, value] of Object.entries(tableOf(workflow.jobs))) {
      const job = tableOf(value);
      if ((job.name ?? id) !== check) continue;
      const problem = eventProblem(workflow.on, branch) ?? requiredJobProblem(id, job, check);
      if (problem === undefined) return undefined;
      problems.push(`the job in ${file} ${problem}`);
    }
  }
  return problems[0] ?? `no workflow in ${folders.join(' or ')} has a job of this name`;
}
