import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parse, parseDocument, type Pair } from 'yaml';

/** The job that this project owns in the application's workflow. */
export const jobName = 'deploy-staging';

type Json = Record<string, unknown>;

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** `on:` in its long form, whatever its form in the file. */
function triggers(workflow: Json): Json {
  const { on } = workflow;
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on)) return Object.fromEntries(on.map((name) => [String(name), null]));
  return record(on);
}

function filters(trigger: unknown): string[] {
  return Object.keys(record(trigger)).filter((key) => /^(branches|paths|tags)/.test(key));
}

/** What keeps the required check from reporting on every event, or the job from being the template's. */
export function workflowDifferences(text: string, template: string): string[] {
  const workflow = record(parse(text));
  const wanted = record(parse(template));
  const on = triggers(workflow);
  const differences: string[] = [];
  const say = (what: string) => differences.push(`.github/workflows/ci.yml: ${what}`);
  for (const event of ['pull_request', 'merge_group']) {
    if (!(event in on)) say(`does not run on ${event}: a required check that never reports blocks for ever`);
    else if (filters(on[event]).length > 0)
      say(`${event} is filtered by ${filters(on[event]).join(', ')}: what is filtered out stays pending`);
  }
  const branches = record(on.push).branches;
  if (!('push' in on)) say('does not run on push');
  else if (Array.isArray(branches) && !branches.includes('develop')) say('push leaves out the branch develop');
  const jobs = record(workflow.jobs);
  if (!('build' in jobs)) say('has no job build');
  if (!(jobName in jobs)) say(`has no job ${jobName}`);
  else if (!isDeepStrictEqual(jobs[jobName], record(wanted.jobs)[jobName])) {
    const parts = Object.keys({ ...record(jobs[jobName]), ...record(record(wanted.jobs)[jobName]) }).filter(
      (key) => !isDeepStrictEqual(record(jobs[jobName])[key], record(record(wanted.jobs)[jobName])[key]),
    );
    say(`the job ${jobName} deviates in ${parts.join(', ')}`);
  }
  return differences;
}

function pairs(map: unknown): Pair[] {
  return isMap(map) ? map.items : [];
}

function keyStart(pair: Pair): number {
  return isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
}

/** Start and end of a top-level section or of a job in the text: from its line to the next one's, comments before it included. */
function span(text: string, siblings: readonly Pair[], name: string, end: number): [number, number] | undefined {
  const index = siblings.findIndex((pair) => isScalar(pair.key) && pair.key.value === name);
  const pair = siblings[index];
  if (!pair) return undefined;
  const from = text.lastIndexOf('\n', keyStart(pair) - 1) + 1;
  const next = siblings[index + 1];
  return [from, next ? text.lastIndexOf('\n', keyStart(next) - 1) + 1 : end];
}

/** The template's own text of a section, comments and all. */
function section(template: string, path: 'on' | 'build' | typeof jobName): string {
  const document = parseDocument(template);
  const top = pairs(document.contents);
  if (path === 'on') {
    const [from, to] = span(template, top, 'on', template.length) ?? [0, 0];
    return template.slice(from, to);
  }
  const [from, to] = span(template, pairs(document.get('jobs', true)), path, template.length) ?? [0, 0];
  return template.slice(from, to);
}

/** The text with this project's job and the triggers that it needs; every other line stays as it is. */
export function withDeployJob(text: string, template: string): string {
  if (workflowDifferences(text, template).length === 0) return text;
  let result = text.endsWith('\n') ? text : `${text}\n`;
  const replaceTop = (name: string, by: string) => {
    const found = span(result, pairs(parseDocument(result).contents), name, result.length);
    if (found) result = result.slice(0, found[0]) + by + result.slice(found[1]);
    else result = `${by}${result}`;
  };
  const complaints = workflowDifferences(result, template);
  if (complaints.some((one) => /run on|filtered|leaves out/.test(one))) {
    // Other events keep their settings; those that the check needs get the template's.
    const kept = Object.entries(triggers(record(parse(result)))).filter(
      ([event]) => !['push', 'pull_request', 'merge_group'].includes(event),
    );
    const others = kept.map(([event, value]) => `  ${event}:${value === null ? '' : ` ${JSON.stringify(value)}`}\n`);
    replaceTop('on', `${section(template, 'on').trimEnd()}\n${others.join('')}\n`);
  }
  for (const name of ['build', jobName] as const) {
    const document = parseDocument(result);
    const jobs = pairs(document.get('jobs', true));
    const exists = span(result, jobs, name, jobsEnd(result));
    if (name === 'build' && exists) continue;
    const by = `${section(template, name).trimEnd()}\n`;
    if (!exists) {
      const end = jobsEnd(result);
      result = `${result.slice(0, end).trimEnd()}\n\n${by}${result.slice(end)}`;
      continue;
    }
    const rest = result.slice(exists[1]);
    result = result.slice(0, exists[0]) + by + (rest === '' ? '' : `\n${rest}`);
  }
  return result;
}

/** Where the jobs end: at the next top-level key, or at the end of the file. */
function jobsEnd(text: string): number {
  return span(text, pairs(parseDocument(text).contents), 'jobs', text.length)?.[1] ?? text.length;
}
