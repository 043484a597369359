import { tableOf } from '../../../workflows/content.ts';
import { lineEndOf, lineStart } from '../insertion.ts';
import { carryProblems } from './carry.ts';
import { keyStart, lineOf, readWorkflow } from './file.ts';
import { jobEnd, jobIndent } from './merge.ts';
import type { Found, WorkflowPlan } from './plan.ts';
import { jobText, type Surroundings } from './render.ts';
import { sameData } from '../sameData.ts';

/** This project's job in the place of the team's, where their workflow can carry it; every other byte stays. */
export function replaced({ file, job }: Found, surroundings: Surroundings): WorkflowPlan {
  const { path, text } = file;
  const indent = jobIndent(file);
  const problems = carryProblems(file);
  const needsBuild = file.jobs.some(({ id }) => id === 'build');
  const stops = problems.filter((problem) => needsBuild || problem !== 'it has no job build');
  if (!indent || stops.length > 0) {
    const what = `the job ${job.id} cannot be replaced where it is: ${stops.join('; ')}`;
    const byHand = 'Remove the job, and run apply again: it goes into a workflow of its own.';
    return { deviations: [{ path, line: lineOf(file, job.pair), what, byHand }], changes: [] };
  }
  const ours = jobText(surroundings, indent, { needsBuild, id: job.id });
  if (sameData(job.content, ours.content)) return { deviations: [], changes: [] };
  const start = lineStart(text, keyStart(job.pair));
  const end = jobEnd(file, job);
  const after = text.slice(0, start) + ours.text.trimEnd().split('\n').join(lineEndOf(text)) + text.slice(end);
  const { content } = readWorkflow(path, after);
  const jobs = { ...tableOf(file.content.jobs), [job.id]: ours.content };
  if (!sameData(content, { ...file.content, jobs }))
    throw new Error(`${path}: the job ${job.id} cannot be replaced in the file's layout.`);
  const what = `the job ${job.id} is not this project's`;
  return { deviations: [{ path, what }], changes: [{ path, after }] };
}
