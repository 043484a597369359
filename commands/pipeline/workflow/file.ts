import { isMap, isScalar, isSeq, parseDocument, visit, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { eventsOf, listOf, tableOf } from '../../../workflows/content.ts';
import { lineAt } from '../insertion.ts';

/** The branch whose pushes are staging's deploys. */
export const branch = 'develop';

/** A job as the file says it. */
export interface WorkflowJob {
  readonly id: string;
  /** The name of the check that it reports, unless it has an expression in it. */
  readonly check: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly needs: readonly string[];
  readonly pair: Pair;
}

/** A workflow file with the places of its parts. */
export interface WorkflowFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly content: Readonly<Record<string, unknown>>;
  /** The events that start it, each with its filters. */
  readonly events: Readonly<Record<string, unknown>>;
  readonly jobs: readonly WorkflowJob[];
}

/** A pair of a map by its key, with its place. */
export function pairOf(map: unknown, key: string): Pair | undefined {
  return isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) : undefined;
}

/** The map of the jobs. */
export const jobsOf = (file: WorkflowFile): YAMLMap | undefined => {
  const jobs = file.document.get('jobs', true);
  return isMap(jobs) ? jobs : undefined;
};

/** Reads a workflow by YAML 1.2, as GitHub does. Errors: what is no YAML, or has no jobs. */
export function readWorkflow(path: string, text: string): WorkflowFile {
  const document = parseDocument(text, { version: '1.2' });
  const [problem] = document.errors;
  if (problem) throw problem;
  const content = tableOf(document.toJS());
  const jobs = document.get('jobs', true);
  return {
    path,
    text,
    document,
    content,
    events: eventsOf(content.on),
    jobs: (isMap(jobs) ? jobs.items : []).map((pair) => {
      const id = isScalar(pair.key) ? String(pair.key.value) : '';
      const job = tableOf(tableOf(content.jobs)[id]);
      return { id, check: typeof job.name === 'string' ? job.name : id, content: job, needs: listOf(job.needs), pair };
    }),
  };
}

/** Every job that must have ended before this one, by its id. */
export function ancestorsOf(file: WorkflowFile, job: WorkflowJob): string[] {
  const found = new Set<string>();
  const collect = (ids: readonly string[]) => {
    for (const id of ids) {
      if (found.has(id)) continue;
      found.add(id);
      collect(file.jobs.find((one) => one.id === id)?.needs ?? []);
    }
  };
  collect(job.needs);
  return [...found];
}

/** Where a key begins. */
export const keyStart = (pair: Pair): number => (isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0);

/** Where the last thing that a key says ends: comments and empty lines below it do not count. */
export function contentEnd(text: string, pair: Pair): number {
  let end = isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) : 0;
  const reach = (node: Node) => {
    end = Math.max(end, node.range?.[1] ?? 0);
  };
  if (isMap(pair.value) || isSeq(pair.value)) {
    // A block's own range runs on to the next key; a flow's ends with its bracket.
    if (pair.value.flow === true) reach(pair.value);
    visit(pair.value, {
      Scalar: (_, node) => reach(node),
      Alias: (_, node) => reach(node),
      Collection: (_, node) => (node.flow === true ? reach(node) : undefined),
    });
  } else if (isScalar(pair.value)) reach(pair.value);
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** The line of a key, from 1. */
export const lineOf = (file: WorkflowFile, pair: Pair): number => lineAt(file.text, keyStart(pair));
