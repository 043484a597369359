import { requiredCheck } from '../../../settings/names/requiredCheck.ts';
import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, visit, YAMLParseError } from 'yaml';
import { decode } from '../insertion.ts';
import { pairOf, readWorkflow, type WorkflowFile } from './file.ts';

export const workflowFolder = '.github/workflows';

/** A workflow that is there and that nothing here can read: what it starts and holds is not known. */
interface UnreadableWorkflow {
  readonly path: string;
  readonly line: number;
  readonly what: string;
  /** Whether it speaks of the check, and so may have the job. */
  readonly namesCheck: boolean;
}

export interface TeamWorkflows {
  readonly files: readonly WorkflowFile[];
  readonly unreadable: readonly UnreadableWorkflow[];
}

/** Why bytes are no workflow, and in which line; without a word of what stands there. */
function unreadableFile(path: string, bytes: Buffer, error: unknown): UnreadableWorkflow {
  const text = bytes.toString('latin1');
  const lines = text.split('\n').map((line) => Buffer.from(line, 'latin1'));
  const namesCheck = text.includes(requiredCheck);
  const noText = lines.findIndex((line) => !isUtf8(line));
  if (noText >= 0) return { path, line: noText + 1, what: 'is no UTF-8, and cannot be read', namesCheck };
  const [line, why] = error instanceof YAMLParseError ? [error.linePos?.[0].line ?? 1, ` (${error.code})`] : [1, ''];
  return { path, line, what: `is no YAML 1.2, and cannot be read${why}`, namesCheck };
}

/** Every workflow of the application's repository in the order of their names, those that cannot be read separately. */
export function readWorkflows(folder: string): TeamWorkflows {
  const workflows = join(folder, workflowFolder);
  const files: WorkflowFile[] = [];
  const unreadable: UnreadableWorkflow[] = [];
  const entries = existsSync(workflows) ? readdirSync(workflows, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  for (const name of names.filter((one) => one.endsWith('.yml') || one.endsWith('.yaml')).sort()) {
    const path = `${workflowFolder}/${name}`;
    let bytes = Buffer.alloc(0);
    try {
      bytes = readFileSync(join(workflows, name));
      files.push(readWorkflow(path, decode(bytes)));
    } catch (error) {
      unreadable.push(unreadableFile(path, bytes, error));
    }
  }
  return { files, unreadable };
}

/** An action's version, with the comment that says which release it is. */
interface Pin {
  readonly ref: string;
  readonly comment: string | undefined;
}

/** What a team's workflows have settled on. */
export interface TeamChoices {
  /** Commits by action (`owner/name`), where the team pins its actions by commit. */
  readonly pins: ReadonlyMap<string, Pin>;
  /** setup-node's version, as the files write it. */
  readonly node: number | string;
}

function most<Value>(values: readonly Value[], key: (value: Value) => string): Value | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(key(value), (counts.get(key(value)) ?? 0) + 1);
  return [...values].sort((a, b) => (counts.get(key(b)) ?? 0) - (counts.get(key(a)) ?? 0))[0];
}

/** The oldest Node that the commands and Netlify's command line run on. */
const oldestNode = 20;

/** The pins and the Node that most of the team's steps have: what is added to a repository keeps to them. */
export function choicesOf(files: readonly WorkflowFile[]): TeamChoices {
  const uses: (Pin & { readonly action: string })[] = [];
  const nodes: (number | string)[] = [];
  for (const { document } of files) {
    visit(document, {
      Map(_, step) {
        const action = pairOf(step, 'uses')?.value;
        if (!isScalar(action) || typeof action.value !== 'string') return;
        const [name = '', ref = ''] = action.value.split('@');
        const owner = name.split('/').slice(0, 2).join('/');
        if (/^[0-9a-f]{40}$/.test(ref)) uses.push({ action: owner, ref, comment: action.comment ?? undefined });
        const node =
          owner === 'actions/setup-node' ? pairOf(pairOf(step, 'with')?.value, 'node-version')?.value : undefined;
        if (!isScalar(node)) return;
        const { value } = node;
        if (
          (typeof value === 'number' || typeof value === 'string') &&
          Number.parseInt(String(value), 10) >= oldestNode
        )
          nodes.push(value);
      },
    });
  }
  const pins = new Map<string, Pin>();
  for (const { action } of uses) {
    const pin = most(
      uses.filter((one) => one.action === action),
      ({ ref }) => ref,
    );
    if (pin) pins.set(action, pin);
  }
  return { pins, node: most(nodes, String) ?? oldestNode };
}
