import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { isMap } from 'yaml';
import { ownWorkflowFile, sharedWorkflowFiles } from '../../../settings/names/deployWorkflows.ts';
import type { Deviation } from '../deviation.ts';
import { carryProblems, carried } from './carry.ts';
import { branch, lineOf, type WorkflowFile } from './file.ts';
import { mendJob } from './mend.ts';
import { ownWorkflow, wholeWorkflow, type Surroundings } from './render.ts';
import { replaced } from './replace.ts';
import { workflowFolder, type TeamWorkflows } from './team.ts';
import type { Found, WorkflowPlan } from './workflowPlan.ts';

/** Where the job goes that no workflow of the team's can carry. */
export const ownPath = `${workflowFolder}/${ownWorkflowFile}`;

/** The workflows that may carry it. */
const hostPaths: readonly string[] = sharedWorkflowFiles.map((file) => `${workflowFolder}/${file}`);

/** Every job that reports the check; and where none does, one of its key that reports under another name. */
function deployJobs(files: readonly WorkflowFile[]): Found[] {
  const all = files.flatMap((file) => file.jobs.map((job) => ({ file, job })));
  const reporting = all.filter(({ job }) => job.check === requiredCheck);
  return reporting.length > 0 ? reporting : all.filter(({ job }) => job.id === requiredCheck);
}

/** The job where no workflow has one: in `ci.yml` where that can carry it, else in a workflow of its own. */
function install(files: readonly WorkflowFile[], surroundings: Surroundings): WorkflowPlan {
  const host = files.find(({ path }) => hostPaths.includes(path));
  if (!host && files.length === 0) {
    const path = `${workflowFolder}/${sharedWorkflowFiles[0]}`;
    return { deviations: [{ path, what: 'is missing' }], changes: [{ path, after: wholeWorkflow(surroundings) }] };
  }
  const problems = host ? carryProblems(host) : [];
  const after = host && problems.length === 0 ? carried(host, surroundings) : undefined;
  if (host && after !== undefined) {
    const what = `has no job ${requiredCheck}, which ${branch} requires`;
    return { deviations: [{ path: host.path, what }], changes: [{ path: host.path, after }] };
  }
  const taken = files.find(({ path }) => path === ownPath);
  const why = host
    ? `${host.path} cannot carry it: ${problems.join('; ') || 'it has a shape of its own'}`
    : 'there is no ci.yml';
  if (taken) {
    const byHand = `Rename it, and run apply again: the job goes there, as ${why}.`;
    return {
      deviations: [{ path: ownPath, line: 1, what: `is there, and has no job ${requiredCheck}`, byHand }],
      changes: [],
    };
  }
  return {
    deviations: [{ path: ownPath, what: `is missing: no workflow has the job ${requiredCheck}, and ${why}` }],
    changes: [{ path: ownPath, after: ownWorkflow(surroundings) }],
  };
}

/**
 * The workflows that cannot be read and that the plan depends on: those that it may write, those that may have the job,
 * and all of them where no other is known. One that is broken and of no concern stays the team's.
 */
function unknown({ files, unreadable }: TeamWorkflows): Deviation[] {
  return unreadable
    .filter(({ path, namesCheck }) => files.length === 0 || namesCheck || path === ownPath || hostPaths.includes(path))
    .map(({ path, line, what }) => ({ path, line, what, byHand: '# Mend this line, and run apply again.' }));
}

/**
 * What keeps `deploy-staging` from being a required check, and the files that mend it. A job of the team's stays: it gets
 * what a required check needs and it lacks. `replace` puts this project's job in its place.
 */
export function planWorkflows(workflows: TeamWorkflows, surroundings: Surroundings, replace = false): WorkflowPlan {
  const { files } = workflows;
  const deviations = unknown(workflows);
  if (deviations.length > 0) return { deviations, changes: [] };
  const found = deployJobs(files);
  const [first, ...others] = found;
  if (!first) return install(files, surroundings);
  if (others.length > 0) {
    const places = found.map(({ file, job }) => `${file.path}:${lineOf(file, job.pair)}`);
    const what = `${found.length} jobs report the check ${requiredCheck} (${places.join(', ')}), and which one counts is not defined`;
    const byHand = 'Give all but one of them another name:';
    return {
      deviations: [{ path: first.file.path, line: lineOf(first.file, first.job.pair), what, byHand }],
      changes: [],
    };
  }
  return replace && isMap(first.job.pair.value) ? replaced(first, surroundings) : mendJob(first);
}
