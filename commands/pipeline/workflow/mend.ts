import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { isScalar, stringify } from 'yaml';
import { listOf, tableOf } from '../../../workflows/content.ts';
import { eventProblems, startsOnEveryPush } from '../../../workflows/events.ts';
import { requiredJobProblem } from '../../../workflows/requiredJob.ts';
import { MergeRefused, type Deviation } from '../deviation.ts';
import { lineAt, type Insertion } from '../insertion.ts';
import { branch, keyStart, lineOf, pairOf, type WorkflowFile, type WorkflowJob } from './file.ts';
import { deployName, gateId, gateJob, gateText } from './gate.ts';
import { jobIndent, jobInsertion, jobLineInsertion, merged, mergeGroupInsertion } from './merge.ts';
import type { Found, WorkflowPlan } from './workflowPlan.ts';

/** The insertion that leaves the check's name to the gate: the team's job gets another, or what it has gets longer. */
function renamed(file: WorkflowFile, job: WorkflowJob): { insertion: Insertion; name: string } | undefined {
  const name = pairOf(job.pair.value, 'name')?.value;
  if (!name) {
    const insertion = jobLineInsertion(file, job, `name: ${deployName}`);
    return insertion && { insertion, name: deployName };
  }
  if (
    !isScalar(name) ||
    !name.range ||
    (name.type !== 'PLAIN' && name.type !== 'QUOTE_DOUBLE' && name.type !== 'QUOTE_SINGLE')
  )
    return undefined;
  const offset = name.range[1] - (name.type === 'PLAIN' ? 0 : 1);
  return { insertion: { offset, text: ' (deploy)' }, name: `${requiredCheck} (deploy)` };
}

/** The edits of a mend, with what they are meant to change. */
interface Mend {
  readonly insertions: Insertion[];
  readonly events: string[];
  readonly jobs: Record<string, unknown>;
}

/** Adds the gate; false where the file has no place for it. */
function addGate(mend: Mend, { file, job }: Found): boolean {
  const indent = jobIndent(file);
  if (!indent || file.jobs.some(({ id }) => id === gateId)) return false;
  if (job.check === requiredCheck) {
    const name = renamed(file, job);
    if (!name) return false;
    mend.insertions.push(name.insertion);
    mend.jobs[job.id] = { ...job.content, name: name.name };
  }
  const gate = gateJob(file, job);
  mend.jobs[gateId] = gate;
  mend.insertions.push(jobInsertion(file, job, gateText(gate, indent)));
  return true;
}

/** What starts a pull request's check again when its commits change. */
const pullRequestTypes = ['opened', 'reopened', 'synchronize'];

/** An event as it would have to be: with all that it has, with the branch, and without the filters that leave commits out. */
export function widened(event: string, given: unknown): string {
  const filters = Object.fromEntries(Object.entries(tableOf(given)).filter(([name]) => !name.startsWith('paths')));
  const ignored = filters['branches-ignore'];
  const types = filters.types;
  const wide = {
    ...filters,
    ...(ignored === undefined
      ? { branches: [...new Set([...listOf(filters.branches), branch])] }
      : { 'branches-ignore': listOf(ignored).filter((one) => one !== branch) }),
    ...(types !== undefined &&
      event === 'pull_request' && { types: [...new Set([...listOf(types), ...pullRequestTypes])] }),
  };
  return stringify({ [event]: wide }, { lineWidth: 0 }).trimEnd();
}

/** What a required check needs and a team's job lacks; and the file with that, and with nothing else changed. */
export function mendJob(found: Found): WorkflowPlan {
  const { file, job } = found;
  const { path, text } = file;
  const deviations: Deviation[] = [];
  const mend: Mend = { insertions: [], events: [], jobs: {} };
  const on = pairOf(file.document.contents, 'on');
  const onLine = on ? lineAt(text, keyStart(on)) : 1;
  for (const { event, what, missing } of eventProblems(file.events, branch)) {
    const blocks = `${what}: a required check that does not report blocks for ever`;
    const insertion =
      event === 'merge_group' && missing && startsOnEveryPush(file.events) ? mergeGroupInsertion(file) : undefined;
    if (insertion) {
      deviations.push({ path, what: blocks });
      mend.insertions.push(insertion);
      mend.events.push(event);
    } else deviations.push({ path, line: onLine, what: blocks, byHand: widened(event, file.events[event]) });
  }
  const problem = requiredJobProblem(job.id, job.content, requiredCheck);
  if (problem !== undefined) {
    const what = `the job ${job.id} ${problem}`;
    if (addGate(mend, found)) deviations.push({ path, what });
    else
      deviations.push({
        path,
        line: lineOf(file, job.pair),
        what,
        byHand: gateText(gateJob(file, job), { key: '  ', step: 2 }),
      });
  }
  if (mend.insertions.length === 0) return { deviations, changes: [] };
  const { events, jobs } = mend;
  try {
    const after = merged(file, mend.insertions, { ...(events.length > 0 && { events }), jobs });
    return { deviations, changes: [{ path, after }] };
  } catch (error) {
    if (!(error instanceof MergeRefused)) throw error;
    const byHand = mend.insertions.map((one) => one.text.trim()).join('\n');
    return {
      deviations: [...deviations, { path, line: lineOf(file, job.pair), what: error.message, byHand }],
      changes: [],
    };
  }
}
