import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { guardOutput } from '../machine/output.ts';
import { checkOptions, sortCall, unknownOption } from './call.ts';
import { callOf, helpWidth, plain, typed, usageOf } from './define.ts';
import { exitCode, UsageError } from './errors.ts';
import { alternatives } from './options.ts';
import { wrapped } from './wrap.ts';
import { actOn } from '../settings/stack/stackCommand.ts';

/** A command as its entry exports it, under the name `command`; whoever starts the entry calls `run`. */
export interface Program {
  /** Runs it with this process's arguments, and sets the exit code. It never throws. */
  readonly run: (args?: readonly string[]) => Promise<void>;
  /** What it is, for documents and tests. */
  readonly describe: () => Described | Promise<Described>;
}

/** A command's definition as data. */
export interface Described {
  /** As a person types it: `npm run kill-switch`. */
  readonly typed: string;
  readonly name: string;
  readonly usage: string;
  readonly description: string;
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  readonly verbs: readonly Described[];
  /** What stands below the options in its help: access, exit codes. */
  readonly more: string;
}

export interface Behaviour {
  readonly verbs?: readonly CommandUnknownOpts[];
  /** What stands below the options in the help: access, exit codes. */
  readonly more?: string;
  /** A value may begin with a dash: only a known option is none. */
  readonly dashes?: true;
  /** Prints what went wrong in another way than as one message. */
  readonly sayError?: (error: unknown) => void;
  /** Called without a verb, in place of the refusal. Yields the exit code. */
  readonly withoutVerb?: (args: readonly string[]) => number | Promise<number>;
}

/** Makes a command that can be run of its definition: one that writes to no service. */
export function bareProgram(root: CommandUnknownOpts, behaviour: Behaviour = {}): Program {
  const { verbs = [], more = '', dashes = false, sayError } = behaviour;
  for (const verb of verbs) root.addCommand(verb);
  root.hook('preAction', (_, command) => {
    const { stack } = command.opts();
    if (typeof stack === 'string') actOn(stack);
  });
  if (more !== '') root.addHelpText('afterAll', () => `\n${wrapped(more.trim(), helpWidth())}`);
  if (verbs.length > 0) root.addHelpText('after', `\nMore on a verb: ${callOf(verbs[0] ?? root)} --help`);
  return {
    describe: () => described(root, more.trim()),
    async run(args = process.argv.slice(2)) {
      guardOutput();
      try {
        await call(root, args, { ...behaviour, dashes });
      } catch (error) {
        if (sayError === undefined) await sayMasked(error, args);
        else sayError(error);
        process.exitCode = exitCode.error;
      }
      // A request that nobody waits for any more (a vault that hangs) must not keep the command from ending.
      setTimeout(() => process.exit(), 1000).unref();
    },
  };
}

/** Prints an error as one message; after a wrong call, where to read how it is called. */
export function sayProblem(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof UsageError) process.stderr.write('--help shows how it is called.\n');
}

/** The same without what was typed and may be a secret: people paste a value where its name is asked for. */
async function sayMasked(error: unknown, args: readonly string[]): Promise<void> {
  // Loaded only here: its rules are many, and most calls are right.
  const { wordMask } = await import('../detection/typedWords.ts');
  const text = wordMask(args)(error instanceof Error ? error.message : String(error));
  sayProblem(error instanceof UsageError ? new UsageError(text) : text);
}

async function call(
  root: CommandUnknownOpts,
  args: readonly string[],
  { dashes, withoutVerb }: Pick<Behaviour, 'withoutVerb'> & { readonly dashes: boolean },
): Promise<void> {
  const sorted = sortCall(root, args, dashes);
  const { command, asksHelp, unknown } = sorted;
  if (asksHelp) {
    command.outputHelp();
    process.exitCode = exitCode.fine;
    return;
  }
  checkOptions(root, sorted, dashes);
  // By its name alone: what stands behind its `=` may be a secret.
  const option = unknownOption(command, sorted.args);
  if (command.commands.length === 0) return parse(command, option === undefined ? sorted.args : [option]);
  const wrong = unknown ?? option;
  if (wrong !== undefined) return parse(command, [wrong]);
  if (command !== root || !withoutVerb) throw new UsageError(verbsOf(command));
  process.exitCode = await withoutVerb(sorted.args);
}

/** Runs a verb, or a command without verbs; a wrong call is one sentence. */
async function parse(command: CommandUnknownOpts, args: readonly string[]): Promise<void> {
  try {
    await command.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.unknownCommand') throw new UsageError(`${sentence(error)} ${verbsOf(command)}`);
    const takesNone = error.code === 'commander.excessArguments' && command.registeredArguments.length === 0;
    throw new UsageError(takesNone ? 'It takes no arguments besides its options.' : sentence(error));
  }
}

/** `The verb is on or off.` */
function verbsOf(command: CommandUnknownOpts): string {
  return `The verb is ${alternatives(command.commands.map((verb) => verb.name()))}.`;
}

/** What the library says, as this project writes: `Unknown option '--stak'. Did you mean --stack?` */
function sentence({ message }: CommanderError): string {
  const lines = message.split('\n').map((line) => line.replace(/^error: /, '').replace(/^\((.*)\)$/, '$1'));
  return lines.map((line) => line.charAt(0).toUpperCase() + line.slice(1) + (/[.?]$/.test(line) ? '' : '.')).join(' ');
}

function described(command: CommandUnknownOpts, more = ''): Described {
  return {
    typed: typed(command),
    name: command.name(),
    usage: usageOf(command),
    description: command.description(),
    options: command.options.map(({ flags, description }) => ({ flags: plain(flags), description })),
    verbs: command.commands.map((verb) => described(verb)),
    more,
  };
}
