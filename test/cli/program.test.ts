import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { bareProgram, type Behaviour } from '../../cli/bareProgram.ts';
import { define, ends } from '../../cli/define.ts';
import { choice, dryRun, flag, json, number, several, stack, text, timeout } from '../../cli/options.ts';

const { exitCode } = process;
let said = { out: '', error: '' };
beforeEach(() => {
  said = { out: '', error: '' };
  const into = (stream: 'out' | 'error') => (chunk: unknown) => {
    said[stream] += String(chunk);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  jest.spyOn(process.stderr, 'write').mockImplementation(into('error'));
  // The end of the process, which a command asks for when it is done.
  jest.spyOn(global, 'setTimeout').mockReturnValue({ unref: () => undefined } as never);
});
afterEach(() => {
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

/** A command with verbs that keeps what each was given. */
function switchCommand(behaviour: Behaviour = {}) {
  const given: unknown[] = [];
  const keep = (verb: string) =>
    ends((options: object) => {
      given.push([verb, options]);
      return 0;
    });
  const off = define('off', 'Stops.')
    .addOption(text('--reason <TEXT>', 'why'))
    .addOption(flag('--emergency', 'level 2'))
    .addOption(timeout('how long').default(9))
    .addOption(stack)
    .action(keep('off'));
  const status = define('status', 'Shows.').addOption(json).action(keep('status'));
  const list = define('list', 'Lists.', { typed: 'switch:list' })
    .argument('[NAME...]')
    .action(ends(() => 2));
  const command = bareProgram(define('switch', 'A switch.'), {
    verbs: [off, status, list],
    more: 'Exit codes: 0 done.',
    ...behaviour,
  });
  return { given, run: (...args: readonly string[]) => command.run(args), describe: () => command.describe() };
}

const defaults = { emergency: false, timeout: 9, stack: 'staging' };
const usage = '--help shows how it is called.\n';

describe('a command line', () => {
  it.each([
    [['off', '--reason', 'broken'], { ...defaults, reason: 'broken' }],
    [['off', '--reason=broken=so', '--stack=other'], { ...defaults, reason: 'broken=so', stack: 'other' }],
    [['off', '--reason=--yes'], { ...defaults, reason: '--yes' }],
    [['off', '--reason', 'one', '--reason', 'two'], { ...defaults, reason: 'two' }],
    [['--emergency', 'off'], { ...defaults, emergency: true }],
    [['--reason', 'status', 'off'], { ...defaults, reason: 'status' }],
    [['--timeout', '0.5', 'off', '--emergency'], { ...defaults, emergency: true, timeout: 0.5 }],
    [['off', '--reason', 'a\u001b[2Jb'], { ...defaults, reason: 'a\uFFFD[2Jb' }],
  ])('takes %j, the verb wherever it stands', async (args, options) => {
    const { given, run } = switchCommand();
    await run(...args);
    expect(said).toEqual({ out: '', error: '' });
    expect(given).toEqual([['off', options]]);
    expect(process.exitCode).toBe(0);
  });

  it.each([
    [[], 'The verb is off, status or list.'],
    [['--emergency'], 'The verb is off, status or list.'],
    [['of'], "Unknown command 'of'. Did you mean off? The verb is off, status or list."],
    [['toString'], "Unknown command 'toString'. The verb is off, status or list."],
    [['off', '--resaon', 'x'], "Unknown option '--resaon'. Did you mean --reason?"],
    [['--frobnicate', 'off'], "Unknown option '--frobnicate'."],
    [['--frobnicate', 'value', 'off'], "Unknown option '--frobnicate'."],
    [['--frobnicate'], "Unknown option '--frobnicate'."],
    [['off', '-x'], "Unknown option '-x'."],
    [['off', '--resaon=made-up-secret'], "Unknown option '--resaon'. Did you mean --reason?"],
    [['off', '--emergency=true'], "Option '--emergency' does not take an argument."],
    [['off', 'now'], 'It takes no arguments besides its options.'],
    [['off', '--', '--emergency'], 'It takes no arguments besides its options.'],
    [['off', '--reason'], "Option '--reason <TEXT>' argument missing."],
    [['off', '--reason', '--emergency'], "Option '--reason' argument is ambiguous."],
    [['off', '--timeout', '-1'], "Option '--timeout' argument is ambiguous."],
    [['off', '--timeout', 'abc'], '--timeout is a number of seconds, more than 0 and at most 86400.'],
    [['off', '--timeout='], '--timeout is a number of seconds, more than 0 and at most 86400.'],
    [['status', '--reason', 'x'], 'npm run switch -- status takes no --reason: that is an option of off.'],
    [['--json', 'off'], 'npm run switch -- off takes no --json: that is an option of status.'],
    [['list', '--json'], 'npm run switch:list takes no --json: that is an option of status.'],
  ])('refuses %j in one message', async (args, message) => {
    const { given, run } = switchCommand();
    await run(...args);
    expect(said).toEqual({ out: '', error: `${message}\n${usage}` });
    expect(given).toEqual([]);
    expect(process.exitCode).toBe(1);
  });

  it('yields the exit code of its steps, and prints their error as one message', async () => {
    await switchCommand().run('list', 'a', 'b');
    expect(process.exitCode).toBe(2);
    const failing = bareProgram(define('x', 'X.').action(ends(() => Promise.reject(new Error('It broke.')))));
    await failing.run([]);
    expect([said.error, process.exitCode]).toEqual(['It broke.\n', 1]);
  });

  it('repeats no secret that was typed in place of a word', async () => {
    const typed = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    await switchCommand().run(typed);
    expect(said.error).toBe(`Unknown command '****'. The verb is off, status or list.\n${usage}`);
    said.error = '';
    const steps = (options: { stack: string }) => Promise.reject(new Error(`There is no stack ${options.stack}.`));
    await bareProgram(define('x', 'X.').addOption(stack).action(ends(steps))).run([`--stack=${typed}`]);
    expect(said.error).toBe('There is no stack ****.\n');
  });

  it('is run without a verb only where that means something', async () => {
    await switchCommand({ withoutVerb: () => 2 }).run();
    expect(process.exitCode).toBe(2);
  });

  it('refuses both of an option and its opposite, and repeats what may be repeated', async () => {
    const given: unknown[] = [];
    const command = bareProgram(
      define('x', 'X.')
        .addOption(several('--only <ID>', 'this one'))
        .addOption(choice('--via <WAY>', ['auto', 'by-hand'], 'how').default('auto'))
        .addOption(number('--count <N>', { most: 9, whole: true }, 'how many'))
        .option('--vault', 'with')
        .option('--no-vault', 'without')
        .addOption(dryRun)
        .action(
          ends((options) => {
            given.push(options);
            return 0;
          }),
        ),
    );
    await command.run(['--vault', '--no-vault']);
    await command.run(['--via', 'somehow']);
    expect(said.error).toBe(`Give one of --vault and --no-vault.\n${usage}--via is auto or by-hand.\n${usage}`);
    await command.run(['--only', 'a', '--only', 'b', '--count', '3']);
    await command.run(['--no-vault']);
    expect(given).toEqual([
      { only: ['a', 'b'], via: 'auto', count: 3, dryRun: false },
      { only: [], via: 'auto', vault: false, dryRun: false },
    ]);
  });

  it('takes a value that begins with a dash only where it says so', async () => {
    const given: unknown[] = [];
    const command = bareProgram(
      define('x', 'X.')
        .addOption(text('--text <TEXT>', 'words'))
        .addOption(dryRun)
        .action(ends((options) => given.push(options) && 0)),
      { dashes: true },
    );
    await command.run(['--text', '- two tests failed']);
    expect(given).toEqual([{ text: '- two tests failed', dryRun: false }]);
    await command.run(['--text', '--dry-run']);
    expect(said.error).toBe(`Option '--text' argument is ambiguous.\n${usage}`);
  });

  it('hands on what stands behind a verbatim verb as it is', async () => {
    const given: unknown[] = [];
    const exec = define('exec', 'Runs.', { verbatim: true, usage: 'COMMAND' })
      .argument('[WORD...]')
      .action(ends((words) => given.push(words) && 0));
    const other = define('other', 'Other.')
      .addOption(json)
      .action(ends(() => 1));
    const command = bareProgram(define('x', 'X.'), { verbs: [exec, other] });
    const words = ['npm', 'run', 'drift', '--', '--help', '--json', '-x'];
    await command.run(['exec', ...words]);
    expect(given).toEqual([words]);
    await command.run(['exec', '--help']);
    expect(said).toEqual({ out: expect.stringMatching(/^npm run x -- exec COMMAND\n/), error: '' });
  });
});

describe('help', () => {
  it.each([[['--help']], [['-h']], [['help']], [['--emergency', '--help']], [['--reason', '-h']]])(
    'is the overview for %j',
    async (args) => {
      await switchCommand().run(...args);
      expect(said.error).toBe('');
      expect(said.out).toBe(`npm run switch -- VERB [options]

A switch.

Options:
  -h, --help    show this

Verbs:
  off           Stops.
                --reason TEXT --emergency --timeout SECONDS --stack NAME
  status        Shows.
                --json
  list [NAME…]  Lists.

More on a verb: npm run switch -- off --help

Exit codes: 0 done.
`);
      expect(process.exitCode).toBe(0);
    },
  );

  it.each([[['off', '--help']], [['--help', 'off']], [['off', '--reason', '--help']], [['off', '--wrong', '-h']]])(
    'is that of the verb for %j',
    async (args) => {
      await switchCommand().run(...args);
      expect(said).toEqual({
        error: '',
        out: `npm run switch -- off [options]

Stops.

Options:
  --reason TEXT      why
  --emergency        level 2
  --timeout SECONDS  how long
  --stack NAME       the stack (default: staging)
  -h, --help         show this

Exit codes: 0 done.
`,
      });
      expect(process.exitCode).toBe(0);
    },
  );

  it('names the npm script of a verb that has one', async () => {
    await switchCommand().run('list', '--help');
    expect(said.out.split('\n')[0]).toBe('npm run switch:list -- [NAME…]');
  });

  it('is data, too', async () => {
    expect(await switchCommand().describe()).toMatchObject({
      typed: 'npm run switch',
      verbs: [
        { name: 'off', usage: 'npm run switch -- off [options]', options: [{ flags: '--reason TEXT' }, {}, {}, {}] },
        { name: 'status' },
        { typed: 'npm run switch:list' },
      ],
    });
  });
});
