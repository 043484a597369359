import { posix } from 'node:path';
import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ParsedNode,
} from 'yaml';
import type { Definition, Problem, Reader, UnknownName } from '../readers.ts';
import { contextReads, expressionsIn } from './expressions.ts';
import { combinationsOf, evaluated, filledIn, type Combination } from './matrix.ts';

/** What one workflow (or composite action) says. */
export interface WorkflowFile {
  readonly file: string;
  readonly readers: readonly Reader[];
  readonly unknown: readonly UnknownName[];
  readonly definitions: readonly Definition[];
  /** Commands that it runs. */
  readonly commands: readonly Command[];
  /** The secrets that it gets from whoever calls it; `undefined` when it is started by itself, too. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** The workflows of this repository that it calls with all of its secrets. */
  readonly inheriting: readonly string[];
  /** The workflows of this repository that it calls with secrets that it names. */
  readonly calling: readonly string[];
}

/** A command line of a workflow. */
export interface Command {
  readonly text: string;
  /** Where it runs, from the repository's own folder. */
  readonly folder: string;
}

/** Whether a file is a workflow or an action of this repository. */
export function isWorkflow(file: string): boolean {
  const isYaml = file.endsWith('.yml') || file.endsWith('.yaml');
  return isYaml && (file.startsWith('.github/workflows/') || file.startsWith('.github/actions/'));
}

/** Reads one workflow. */
export function workflowFile(file: string, text: string): WorkflowFile | Problem {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error', uniqueKeys: false });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { file, line, column: col, message: 'is not YAML' };
  }
  const found = {
    readers: [] as Reader[],
    unknown: [] as UnknownName[],
    definitions: [] as Definition[],
    commands: [] as Command[],
  };
  visit(document, {
    Scalar(key, node, path) {
      if (typeof node.value !== 'string' || key === 'key') return;
      const keys = keysOf(path);
      const { line, col } = lines.linePos(node.range?.[0] ?? 0);
      const place = { file, line, column: col };
      const last = keys.at(-1);
      const isEnv = keys.at(-2) === 'env' && keys[0] !== 'on'; // a called workflow may have an input of that name
      if (last === 'run') found.commands.push({ text: node.value, folder: folderOf(path, keys, document) });
      if (last === 'secrets' && node.value === 'inherit' && keys.length === 3 && isForeign(path))
        found.unknown.push({ ...place, place: 'workflow', means: 'secrets', whole: true });
      if (isEnv && last !== undefined) found.definitions.push({ name: last, by: 'workflow', ...place });
      const expressions = expressionsIn(node.value);
      const whole = last === 'if' && expressions.length === 0 ? [node.value] : expressions;
      const reads = whole.flatMap(contextReads);
      if (reads.length === 0) return;
      const [environment, combinations] = jobOf(keys, document);
      for (const { context, name, index, hasOther } of reads) {
        if (context !== 'secrets' && context !== 'vars') continue;
        const means = context;
        const known = combinations.flatMap((combination) => {
          const named = name ?? (index === undefined ? undefined : evaluated(index, combination));
          return named === undefined ? [] : [{ name: named, environment: filledIn(environment, combination) }];
        });
        if (known.length < combinations.length)
          found.unknown.push({ ...place, place: 'workflow', means, whole: index === undefined });
        for (const each of distinct(known))
          found.readers.push({
            ...place,
            name: each.name,
            place: 'workflow',
            means,
            ...(each.environment !== undefined && { environment: each.environment }),
            ...(isEnv && last !== undefined && { handedAs: last }),
            ...(hasOther && { fallback: 'default' as const }),
          });
      }
    },
  });
  return { file, ...found, ...callsOf(document) };
}

/** The keys from the top of a document down to a value; the items of a list have none. */
function keysOf(path: readonly unknown[]): string[] {
  return path.flatMap((node) => {
    return isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [];
  });
}

/** The GitHub environment of the job that a value stands in, as its text says, and the combinations of the job's matrix. */
function jobOf(keys: readonly string[], document: Document<ParsedNode>): [string, readonly Combination[]] {
  const [top, job] = keys;
  if (top !== 'jobs' || job === undefined) return ['', [{}]];
  const given: unknown = document.getIn(['jobs', job, 'environment']);
  const name: unknown = isMap(given) ? given.get('name') : given;
  const matrix: unknown = document.getIn(['jobs', job, 'strategy', 'matrix']);
  return [typeof name === 'string' ? name : '', combinationsOf(isNode(matrix) ? matrix.toJS(document) : undefined)];
}

/** Each name and environment once. */
function distinct<Known extends { readonly name: string; readonly environment: string | undefined }>(
  known: readonly Known[],
): Known[] {
  return [...new Map(known.map((each) => [`${each.name} ${each.environment ?? ''}`, each])).values()];
}

/** The folder that a step's command runs in; the repository's own where only a run says so. */
function folderOf(path: readonly unknown[], keys: readonly string[], document: Document<ParsedNode>): string {
  const folder = 'working-directory';
  const step = path.findLast(isMap);
  const defaults = ['defaults', 'run', folder];
  const named = [step?.get(folder), document.getIn(['jobs', keys[1], ...defaults]), document.getIn(defaults)];
  const text = named.find((each) => typeof each === 'string') ?? '.';
  return posix.normalize(text);
}

/** Whether a job calls a workflow that is not of this repository. */
function isForeign(path: readonly unknown[]): boolean {
  const uses = path.findLast(isMap)?.get('uses');
  return typeof uses === 'string' && !uses.startsWith('./');
}

function callsOf(document: Document<ParsedNode>): Pick<WorkflowFile, 'wanted' | 'inheriting' | 'calling'> {
  const on: unknown = document.get('on');
  const triggers = isMap(on)
    ? on.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []))
    : isSeq(on)
      ? on.items.flatMap((item) => (isScalar(item) ? [String(item.value)] : []))
      : [String(on)];
  const declared: unknown = document.getIn(['on', 'workflow_call', 'secrets']);
  const names = isMap(declared) ? declared.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : [])) : [];
  const wanted = triggers.length === 1 && triggers[0] === 'workflow_call' ? new Set(names) : undefined;
  const jobs: unknown = document.get('jobs');
  const calls = isMap(jobs)
    ? jobs.items.flatMap(({ value }) => {
        const job = isAlias(value) ? value.resolve(document) : value;
        const uses: unknown = isMap(job) ? job.get('uses') : undefined;
        if (!isMap(job) || typeof uses !== 'string' || !uses.startsWith('./')) return [];
        return [{ file: uses.slice(2), inherits: job.get('secrets') === 'inherit' }];
      })
    : [];
  return {
    wanted,
    inheriting: calls.filter(({ inherits }) => inherits).map(({ file }) => file),
    calling: calls.filter(({ inherits }) => !inherits).map(({ file }) => file),
  };
}

/**
 * The readers of all workflows together. What a called workflow wants under names of its own is read by the job that hands
 * it over, not under that name; with `secrets: inherit` the names are the repository's.
 */
export function workflowReaders(workflows: readonly WorkflowFile[]): Reader[] {
  return workflows.flatMap(({ file, readers, wanted }) => {
    const inherited = workflows.some(({ inheriting }) => inheriting.includes(file));
    const called = workflows.some(({ calling }) => calling.includes(file));
    if (wanted === undefined || inherited || !called) return readers;
    return readers.filter(({ means, name }) => means !== 'secrets' || name === 'GITHUB_TOKEN' || !wanted.has(name));
  });
}
