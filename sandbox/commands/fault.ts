import { parseArgs } from 'node:util';
import { ensureRunning } from '../process/background.ts';
import type { Fault } from '../server/faults.ts';
import { serviceNames } from '../standIns/all.ts';
import { print, type Subcommand, UsageError } from './subcommand.ts';

const options = {
  service: { type: 'string' },
  method: { type: 'string' },
  path: { type: 'string' },
  after: { type: 'string' },
  times: { type: 'string' },
  status: { type: 'string' },
  header: { type: 'string', multiple: true },
  body: { type: 'string' },
  delay: { type: 'string' },
  connection: { type: 'string' },
  'after-effect': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const fault: Subcommand = {
  usage: 'add RULE | list [--json] | clear',
  summary: 'make requests go wrong by rule',
  details:
    'A RULE says which requests (all, where it says nothing):\n' +
    `  --service NAME        ${serviceNames.join(', ')}\n` +
    '  --method METHOD       e.g. PUT\n' +
    '  --path REGEX          on the path\n' +
    '  --after N             lets N of them through first\n' +
    '  --times N             stops after N faults\n' +
    'and how (at least one):\n' +
    '  --status CODE         answers with this status; --header NAME:VALUE and --body TEXT with it\n' +
    '  --delay MS            waits before the answer\n' +
    '  --connection HOW      reset, hang or half (cut half way through the answer)\n' +
    '  --after-effect        the service acts first: the request took effect, the caller cannot know\n' +
    'Rules are gone when the sandbox stops. Of several that fit, the first counts.',
  async run(args, dir) {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [action, ...more] = positionals;
    if (more.length > 0 || (action !== 'add' && action !== 'list' && action !== 'clear')) {
      throw new UsageError('fault takes add, list or clear.');
    }
    const rule = action === 'add' ? parseRule(values) : undefined;
    const { control } = await ensureRunning(dir);
    if (rule) await control.addFault(rule);
    if (action === 'clear') await control.setFaults([]);
    const rules = await control.faults();
    if (values.json) print(JSON.stringify(rules, undefined, 2));
    else if (rules.length === 0) print('No fault rules.');
    else for (const each of rules) print(`${describe(each.fault)}  (matched ${each.seen}, failed ${each.done})`);
    return 0;
  },
};

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function parseRule(values: Values): Fault {
  const { service, method, path, status, body, connection, delay } = values;
  if (service !== undefined && !(serviceNames as readonly string[]).includes(service)) {
    throw new UsageError(`--service is one of ${serviceNames.join(', ')}.`);
  }
  if (path !== undefined) checkExpression(path);
  if (connection !== undefined && connection !== 'reset' && connection !== 'hang' && connection !== 'half') {
    throw new UsageError('--connection is reset, hang or half.');
  }
  if ([status, body, connection, delay].every((given) => given === undefined)) {
    throw new UsageError('A rule needs at least one of --status, --body, --delay and --connection.');
  }
  const after = count('after', values.after);
  const times = count('times', values.times);
  const delayMs = count('delay', delay);
  const code = count('status', status);
  if (code !== undefined && (code < 200 || code > 599)) throw new UsageError('--status is between 200 and 599.');
  return {
    ...(service !== undefined && { service }),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(path !== undefined && { path }),
    ...(after !== undefined && { after }),
    ...(times !== undefined && { times }),
    ...(code !== undefined && { status: code }),
    ...(values.header && { headers: Object.fromEntries(values.header.map(header)) }),
    ...(body !== undefined && { body }),
    ...(delayMs !== undefined && { delayMs }),
    ...(connection !== undefined && { connection }),
    ...(values['after-effect'] && { afterEffect: true }),
  };
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} is a whole number.`);
  return Number(text);
}

function header(text: string): [string, string] {
  const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === '') throw new UsageError('--header is NAME:VALUE.');
  return [name.toLowerCase(), value];
}

function checkExpression(path: string): void {
  try {
    new RegExp(path);
  } catch (error) {
    throw new UsageError(`--path: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function describe(rule: Fault): string {
  return Object.entries(rule)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
