import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { tableOf } from '../../../workflows/content.ts';
import { eventProblems, neededEvents, startsOnEveryPush } from '../../../workflows/events.ts';
import { MergeRefused } from '../deviation.ts';
import { ancestorsOf, branch, type WorkflowFile } from './file.ts';
import { jobIndent, jobInsertion, mergeGroupInsertion, merged } from './merge.ts';
import { jobText, type Surroundings } from './render.ts';

const known: readonly string[] = [...neededEvents, 'workflow_dispatch'];

/**
 * Why a workflow cannot carry the job safely; nothing when it can. Its triggers are never made wider: what the team's
 * other jobs do on a branch more is not known, and one of them may deploy production.
 */
export function carryProblems(file: WorkflowFile): string[] {
  const problems: string[] = [];
  const say = (what: string | undefined) => what !== undefined && problems.push(what);
  for (const { event, what, missing } of eventProblems(file.events, branch))
    if (!(event === 'merge_group' && missing && startsOnEveryPush(file.events) && mergeGroupInsertion(file))) say(what);
  const others = Object.keys(file.events).filter((event) => !known.includes(event));
  if (others.length > 0) say(`it runs on ${others.join(', ')} too`);
  const cancels = tableOf(file.content.concurrency)['cancel-in-progress'];
  if (cancels !== undefined && cancels !== false) say('cancel-in-progress ends a deploy half way');
  if ('defaults' in file.content) say('its defaults apply to every step');
  const build = file.jobs.find(({ id }) => id === 'build');
  if (!build) say('it has no job build');
  else {
    const skipped = [
      build,
      ...ancestorsOf(file, build).flatMap((id) => file.jobs.find((job) => job.id === id) ?? []),
    ].find(({ content }) => 'if' in content);
    if (skipped) say(`some runs skip ${skipped.id === 'build' ? 'build' : `${skipped.id}, and build with it`}`);
  }
  if (!jobIndent(file)) say('its jobs are written in one line');
  return problems;
}

/** The workflow with the job after `build`. Nothing where the result would not be what it must be. */
export function carried(file: WorkflowFile, surroundings: Surroundings): string | undefined {
  const build = file.jobs.find(({ id }) => id === 'build');
  const indent = jobIndent(file);
  if (!build || !indent) return undefined;
  const { text, content } = jobText(surroundings, indent, { needsBuild: true });
  const insertions = [jobInsertion(file, build, text)];
  const mergeGroup = mergeGroupInsertion(file);
  try {
    return merged(file, mergeGroup ? [mergeGroup, ...insertions] : insertions, {
      ...(mergeGroup && { events: ['merge_group'] }),
      jobs: { [requiredCheck]: content },
    });
  } catch (error) {
    if (error instanceof MergeRefused) return undefined;
    throw error;
  }
}
