import { listOf, tableOf } from './content.ts';

/** What a required check of a branch needs a workflow to start on. */
export const neededEvents = ['push', 'pull_request', 'merge_group'] as const;
type NeededEvent = (typeof neededEvents)[number];

type Events = Readonly<Record<string, unknown>>;

/** A filter's patterns; nothing where there is no such filter. */
const patternsOf = (value: unknown): string[] | undefined =>
  value === undefined || value === null ? undefined : listOf(value);

/**
 * Whether GitHub's filter pattern lets the branch in. `undefined` where the pattern has a sign that is not known here:
 * nothing is assumed of it then.
 */
function matches(pattern: string, branch: string): boolean | undefined {
  if (pattern === branch) return true;
  if (/[?+[\]\\]/.test(pattern)) return undefined;
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.^$|(){}]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`).test(branch);
}

/** Whether the last pattern that matches the branch is one without `!`. */
function includes(patterns: readonly string[], branch: string): boolean {
  let included = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    const found = matches(negative ? pattern.slice(1) : pattern, branch);
    if (found === undefined) return false;
    if (found) included = !negative;
  }
  return included;
}

/** What keeps a trigger from starting for the branch; nothing where it always does. */
function filteredOut(trigger: Events, branch: string): string | undefined {
  const filter = ['paths', 'paths-ignore'].find((name) => name in trigger);
  if (filter) return `only for some ${filter}`;
  const branches = patternsOf(trigger.branches);
  const ignored = patternsOf(trigger['branches-ignore']);
  if (branches && !includes(branches, branch)) return `only for the branches ${branches.join(', ')}`;
  if (ignored?.some((pattern) => matches(pattern, branch) !== false))
    return `not for the branches ${ignored.join(', ')}`;
  return undefined;
}

function problemOf(event: NeededEvent, value: unknown, branch: string): string | undefined {
  const trigger = tableOf(value);
  const filter = filteredOut(trigger, branch);
  if (filter) return `runs on ${event} ${filter}`;
  if (event === 'push') {
    const tags = 'tags' in trigger || 'tags-ignore' in trigger;
    if (tags && !('branches' in trigger) && !('branches-ignore' in trigger)) return 'runs on push only for tags';
  }
  const types = patternsOf(trigger.types);
  const needed =
    event === 'pull_request' ? ['opened', 'synchronize'] : event === 'merge_group' ? ['checks_requested'] : [];
  const absent = types ? needed.filter((type) => !types.includes(type)) : [];
  return absent.length > 0 ? `runs on ${event} only when ${(types ?? []).join(', ')}` : undefined;
}

export interface EventProblem {
  readonly event: NeededEvent;
  readonly what: string;
  readonly missing: boolean;
}

/** On which of the events that a required check of the branch needs a workflow with these events does not start. */
export function eventProblems(events: Events, branch: string): EventProblem[] {
  return neededEvents.flatMap((event): EventProblem[] => {
    if (!(event in events)) return [{ event, what: `does not run on ${event}`, missing: true }];
    const what = problemOf(event, events[event], branch);
    return what === undefined ? [] : [{ event, what, missing: false }];
  });
}

/** Whether every push starts it: then a merge queue's event starts nothing that a push would not. */
export const startsOnEveryPush = (events: Events): boolean =>
  'push' in events && Object.keys(tableOf(events.push)).length === 0;
