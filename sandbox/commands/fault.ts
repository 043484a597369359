import { Option } from '@commander-js/extra-typings';
import { ensureRunning } from '../process/background.ts';
import type { Fault } from '../server/faults.ts';
import { serviceNames } from '../standIns/all.ts';
import { sandboxDir } from '../process/paths.ts';
import { define, ends } from '../../cli/define.ts';
import { exitCode, UsageError } from '../../cli/errors.ts';
import { choice, flag, json, number, several } from '../../cli/options.ts';
import { print } from './print.ts';

const whole = { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true };
const how = ['reset', 'hang', 'half'] as const;

const add = define(
  'add',
  'Adds a rule: which requests (all, where it says nothing), and how they go wrong (at least one way).',
)
  .addOption(choice('--service <NAME>', serviceNames, serviceNames.join(', ')))
  .addOption(new Option('--method <METHOD>', 'e.g. PUT'))
  .addOption(new Option('--path <REGEX>', 'on the path').argParser(expression))
  .addOption(number('--after <N>', whole, 'let N of them through first'))
  .addOption(number('--times <N>', whole, 'stop after N faults'))
  .addOption(
    number(
      '--status <CODE>',
      { least: 200, most: 599, whole: true },
      'answer with this status; --header and --body with it',
    ),
  )
  .addOption(several('--header <NAME:VALUE>', 'a header of that answer'))
  .addOption(new Option('--body <TEXT>', 'the text of that answer'))
  .addOption(number('--delay <MS>', whole, 'wait before the answer'))
  .addOption(choice('--connection <HOW>', how, 'reset, hang or half (cut half way through the answer)'))
  .addOption(flag('--after-effect', 'the service acts first: the request took effect, the caller cannot know'))
  .addOption(json)
  .action(
    ends(async (options) => {
      const rule = parseRule(options);
      const { control } = await ensureRunning(sandboxDir());
      await control.addFault(rule);
      return show(control, options);
    }),
  );

const list = define('list', 'Shows the rules.')
  .addOption(json)
  .action(
    ends(async (options) => {
      const { control } = await ensureRunning(sandboxDir());
      return show(control, options);
    }),
  );

const clear = define('clear', 'Takes all rules away.')
  .addOption(json)
  .action(
    ends(async (options) => {
      const { control } = await ensureRunning(sandboxDir());
      await control.setFaults([]);
      return show(control, options);
    }),
  );

export const fault = define(
  'fault',
  'Makes requests go wrong by rule. Rules are gone when the sandbox stops. Of several that fit, the first counts.',
);
for (const verb of [add, list, clear]) fault.addCommand(verb);

type Control = Awaited<ReturnType<typeof ensureRunning>>['control'];

async function show(control: Control, { json: asJson }: { readonly json: boolean }): Promise<number> {
  const rules = await control.faults();
  if (asJson) print(JSON.stringify(rules, undefined, 2));
  else if (rules.length === 0) print('No fault rules.');
  else for (const each of rules) print(`${describe(each.fault)}  (matched ${each.seen}, failed ${each.done})`);
  return exitCode.fine;
}

interface Given {
  readonly service?: string;
  readonly method?: string;
  readonly path?: string;
  readonly after?: number;
  readonly times?: number;
  readonly status?: number;
  readonly header: readonly string[];
  readonly body?: string;
  readonly delay?: number;
  readonly connection?: (typeof how)[number];
  readonly afterEffect: boolean;
}

function parseRule(values: Given): Fault {
  const { service, method, path, status, body, connection, delay, after, times } = values;
  if ([status, body, connection, delay].every((given) => given === undefined)) {
    throw new UsageError('A rule needs at least one of --status, --body, --delay and --connection.');
  }
  return {
    ...(service !== undefined && { service }),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(path !== undefined && { path }),
    ...(after !== undefined && { after }),
    ...(times !== undefined && { times }),
    ...(status !== undefined && { status }),
    ...(values.header.length > 0 && { headers: Object.fromEntries(values.header.map(header)) }),
    ...(body !== undefined && { body }),
    ...(delay !== undefined && { delayMs: delay }),
    ...(connection !== undefined && { connection }),
    ...(values.afterEffect && { afterEffect: true }),
  };
}

function header(text: string): [string, string] {
  const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === '') throw new UsageError('--header is NAME:VALUE.');
  return [name.toLowerCase(), value];
}

function expression(path: string): string {
  try {
    new RegExp(path);
    return path;
  } catch (error) {
    throw new UsageError(`--path: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function describe(rule: Fault): string {
  return Object.entries(rule)
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
