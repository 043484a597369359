import { tableOf } from '../../../workflows/content.ts';
import { insertAll, lineEndOf, lineStart } from '../insertion.ts';
import { carryProblems } from './carry.ts';
import { keyStart, lineOf, readWorkflow } from './file.ts';
import { jobEnd, jobIndent, mergeGroupInsertion } from './merge.ts';
import type { Found, WorkflowPlan } from './workflowPlan.ts';
import { jobText, type Surroundings } from './render.ts';
import { sameData } from '../sameData.ts';

/** This project's job in the place of the team's, where their workflow can carry it; every other byte stays. */
export function replaced(found: Found, surroundings: Surroundings): WorkflowPlan {
  const { file, job } = withMergeGroup(found);
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
  if (sameData(job.content, ours.content)) {
    if (file === found.file) return { deviations: [], changes: [] };
    return { deviations: [{ path, what: 'it does not run on merge_group' }], changes: [{ path, after: text }] };
  }
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

/** The workflow run on the merge queue's event too, which the check must report on; as it is where that has no place. */
function withMergeGroup(found: Found): Found {
  const { file, job } = found;
  const insertion = mergeGroupInsertion(file);
  if (!insertion) return found;
  const wider = readWorkflow(file.path, insertAll(file.text, [insertion]));
  const same = wider.jobs.find(({ id }) => id === job.id);
  return same ? { ...found, file: wider, job: same } : found;
}
