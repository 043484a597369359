import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScalar, visit } from 'yaml';
import { decode } from '../insertion.ts';
import { pairOf, readWorkflow, type WorkflowFile } from './file.ts';

export const workflowFolder = '.github/workflows';

/** Every workflow of the application's repository that can be read, in the order of their names. */
export function readWorkflows(folder: string): WorkflowFile[] {
  const workflows = join(folder, workflowFolder);
  if (!existsSync(workflows)) return [];
  return readdirSync(workflows)
    .filter((name) => name.endsWith('.yml') || name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => {
      try {
        return [readWorkflow(`${workflowFolder}/${name}`, decode(readFileSync(join(workflows, name))))];
      } catch {
        return []; // no workflow that anything could run
      }
    });
}

/** An action's version, with the comment that says which release it is. */
export interface Pin {
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
