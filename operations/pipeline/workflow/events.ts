import { branch, tableOf, type WorkflowFile } from './file.ts';

/** What a required check of the branch needs a workflow to start on. */
export const neededEvents = ['push', 'pull_request', 'merge_group'] as const;

const list = (value: unknown): string[] | undefined =>
  value === undefined || value === null ? undefined : Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];

/**
 * Whether GitHub's filter pattern lets the branch in. `undefined` where the pattern has a sign that is not known here:
 * nothing is assumed of it then.
 */
function matches(pattern: string): boolean | undefined {
  if (pattern === branch) return true;
  if (/[?+[\]\\]/.test(pattern)) return undefined;
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.^$|(){}]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(branch);
}

/** Whether the last pattern that matches the branch is one without `!`. */
function includes(patterns: readonly string[]): boolean {
  let included = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    const found = matches(negative ? pattern.slice(1) : pattern);
    if (found === undefined) return false;
    if (found) included = !negative;
  }
  return included;
}

/** What keeps a trigger from starting at the branch; nothing where it always does. */
function filteredOut(trigger: Readonly<Record<string, unknown>>): string | undefined {
  const filter = ['paths', 'paths-ignore'].find((name) => name in trigger);
  if (filter) return `only for some ${filter}`;
  const branches = list(trigger.branches);
  const ignored = list(trigger['branches-ignore']);
  if (branches && !includes(branches)) return `only for the branches ${branches.join(', ')}`;
  if (ignored?.some((pattern) => matches(pattern) !== false)) return `not for the branches ${ignored.join(', ')}`;
  return undefined;
}

function problemOf(event: (typeof neededEvents)[number], value: unknown): string | undefined {
  const trigger = tableOf(value);
  const filter = filteredOut(trigger);
  if (filter) return `runs on ${event} ${filter}`;
  if (event === 'push') {
    const tags = 'tags' in trigger || 'tags-ignore' in trigger;
    if (tags && !('branches' in trigger) && !('branches-ignore' in trigger)) return 'runs on push only for tags';
  }
  const types = list(trigger.types);
  const needed =
    event === 'pull_request' ? ['opened', 'synchronize'] : event === 'merge_group' ? ['checks_requested'] : [];
  const absent = types ? needed.filter((type) => !types.includes(type)) : [];
  return absent.length > 0 ? `runs on ${event} only when ${(types ?? []).join(', ')}` : undefined;
}

export interface EventProblem {
  readonly event: (typeof neededEvents)[number];
  readonly what: string;
  readonly missing: boolean;
}

/** On which of the events that a required check needs a workflow does not start. */
export function eventProblems({ events }: Pick<WorkflowFile, 'events'>): EventProblem[] {
  return neededEvents.flatMap((event): EventProblem[] => {
    if (!(event in events)) return [{ event, what: `does not run on ${event}`, missing: true }];
    const what = problemOf(event, events[event]);
    return what === undefined ? [] : [{ event, what, missing: false }];
  });
}

/** Whether every push starts it: then a merge queue's event starts nothing that a push would not. */
export const startsOnEveryPush = ({ events }: Pick<WorkflowFile, 'events'>): boolean =>
  'push' in events && Object.keys(tableOf(events.push)).length === 0;
