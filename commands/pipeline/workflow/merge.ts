import { isMap, isScalar, isSeq } from 'yaml';
import { tableOf } from '../../../workflows/content.ts';
import { MergeRefused } from '../deviation.ts';
import { indentAt, insertAll, lineEnd, lineEndOf, lineStart, type Insertion } from '../insertion.ts';
import { contentEnd, jobsOf, keyStart, pairOf, readWorkflow, type WorkflowFile, type WorkflowJob } from './file.ts';
import { sameData } from '../sameData.ts';

/** `merge_group` among the events, in the form in which the file has them. Nothing where it has a form of one word. */
export function mergeGroupInsertion(file: WorkflowFile): Insertion | undefined {
  if ('merge_group' in file.events) return undefined;
  const { text } = file;
  const on = pairOf(file.document.contents, 'on')?.value;
  if (isMap(on) && on.items.length > 0) {
    const last = on.items.at(-1);
    if (!last) return undefined;
    if (on.flow === true) return { offset: contentEnd(text, last), text: ', merge_group: null' };
    const offset = lineEnd(text, contentEnd(text, last));
    return { offset, text: `${lineEndOf(text)}${indentAt(text, keyStart(last))}merge_group:` };
  }
  if (isSeq(on)) {
    const last = on.items.at(-1);
    if (!isScalar(last) || !last.range) return undefined;
    if (on.flow === true) return { offset: last.range[1], text: ', merge_group' };
    return {
      offset: lineEnd(text, last.range[1]),
      text: `${lineEndOf(text)}${indentAt(text, last.range[0])}- merge_group`,
    };
  }
  return undefined;
}

/** How far the jobs' keys stand in, and how much further what they hold. */
export function jobIndent(file: WorkflowFile): { readonly key: string; readonly step: number } | undefined {
  const jobs = jobsOf(file);
  const first = jobs?.items[0];
  if (!jobs || jobs.flow === true || !first) return undefined;
  const key = indentAt(file.text, keyStart(first));
  const inner = jobs.items
    .map(({ value }) => (isMap(value) && value.flow !== true ? value.items[0] : undefined))
    .find(Boolean);
  const step = inner ? indentAt(file.text, keyStart(inner)).length - key.length : key.length;
  return { key, step: step > 0 ? step : 2 };
}

/** Where a job ends: after the comments that stand deeper than its key, before those of the next one. */
export function jobEnd(file: WorkflowFile, job: WorkflowJob): number {
  const { text } = file;
  const key = indentAt(text, keyStart(job.pair)).length;
  let end = lineEnd(text, contentEnd(text, job.pair));
  for (let next = text.indexOf('\n', end) + 1; next > 0 && next < text.length; next = text.indexOf('\n', next) + 1) {
    const stop = lineEnd(text, next);
    const line = text.slice(next, stop);
    if (line.trim() === '') continue;
    if (!line.trimStart().startsWith('#') || indentAt(text, next).length <= key) break;
    end = stop;
  }
  return end;
}

/** A job's text after another job, an empty line between. `body` has the file's indentation and `\n`. */
export function jobInsertion(file: WorkflowFile, after: WorkflowJob, body: string): Insertion {
  const eol = lineEndOf(file.text);
  const end = jobEnd(file, after);
  const lines = body.trimEnd().split('\n').join(eol);
  return { offset: end, text: `${eol}${eol}${lines}${end === file.text.length ? eol : ''}` };
}

/** A line more at the head of a job. */
export function jobLineInsertion(file: WorkflowFile, job: WorkflowJob, line: string): Insertion | undefined {
  const { value } = job.pair;
  if (!isMap(value) || value.flow === true) return undefined;
  const [first] = value.items;
  if (!first) return undefined;
  const start = lineStart(file.text, keyStart(first));
  return { offset: start, text: `${indentAt(file.text, start)}${line}${lineEndOf(file.text)}` };
}

/** What a merge is meant to change. */
export interface Intended {
  /** Events that start it besides, each without filters. */
  readonly events?: readonly string[];
  /** Jobs by id: what each shall be afterwards. */
  readonly jobs?: Readonly<Record<string, unknown>>;
}

/**
 * The file with the insertions, when what it then says is what it said and the intended keys, no more and no less.
 * Errors: `MergeRefused` where it would not.
 */
export function merged(file: WorkflowFile, insertions: readonly Insertion[], intended: Intended): string {
  const after = insertAll(file.text, insertions);
  let result: WorkflowFile;
  try {
    result = readWorkflow(file.path, after);
  } catch {
    throw new MergeRefused('the result would be no YAML');
  }
  const events = { ...file.events, ...Object.fromEntries((intended.events ?? []).map((event) => [event, null])) };
  const { on: onBefore, jobs: jobsBefore, ...restBefore } = file.content;
  const { on: onAfter, jobs: jobsAfter, ...restAfter } = result.content;
  const same =
    sameData(restAfter, restBefore) &&
    sameData(result.events, events) &&
    (intended.events !== undefined || sameData(onAfter, onBefore)) &&
    sameData(jobsAfter, { ...tableOf(jobsBefore), ...intended.jobs });
  if (!same) throw new MergeRefused('the result would say something else than it did');
  return after;
}
