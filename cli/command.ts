import { parseArgs, type ParseArgsConfig } from 'node:util';
import { openStackTrail } from './stackTrail.ts';
import { decimal } from '../machine/decimal.ts';
import { guardOutput } from '../machine/output.ts';
import { printableLines } from '../machine/printable.ts';
import { actOn } from '../settings/stack/stackCommand.ts';

/** Exit codes of every command: 0 fine, 1 error, 2 findings (drift, leaks, a failed check). */
export const exitCode = { fine: 0, error: 1, findings: 2 } as const;

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<Given extends Options> = ReturnType<
  typeof parseArgs<{ options: Given; allowPositionals: true; strict: true }>
>;

/** Which numbers an option takes: written in decimals, from `least` (default: more than 0) to `most`. */
export interface NumberRule {
  /** As in the message: `seconds`. None where it counts nothing. */
  readonly unit?: string;
  readonly least?: number;
  readonly most: number;
  /** Without a fraction. Default false. */
  readonly whole?: boolean;
}

/** Seconds that a command waits. A timer of Node’s takes no more than 24 days, and one day is enough. */
export const seconds: NumberRule = { unit: 'seconds', most: 86_400 };

/**
 * The number that an option or a variable names. Throws a {@link UsageError} for what is none: empty, signed, infinite, in
 * another notation, out of bounds. A wrong number would be a wait without end or without a pause.
 */
export function numberOf(name: string, text: string, { unit, least, most, whole = false }: NumberRule): number {
  const value = decimal(text) ?? NaN;
  const isInside = (least === undefined ? value > 0 : value >= least) && value <= most;
  if (isInside && (!whole || Number.isInteger(value))) return value;
  const bounds = least === undefined ? `more than 0 and at most ${most}` : `${least} at least and at most ${most}`;
  const what = `a ${whole ? 'whole ' : ''}number${unit === undefined ? '' : ` of ${unit}`}`;
  throw new UsageError(`${name} is ${what}, ${bounds}.`);
}

/** One command of this project. */
export interface Command<Given extends Options> {
  /** Shown by `--help`: what it does, how it is called, its options, its exit codes. */
  readonly help: string;
  /** As `parseArgs` takes them; `--help` is there always. */
  readonly options: Given;
  /** The options whose text is a number. Checked before the command begins: it reads them by `Number`. */
  readonly numbers?: { readonly [Name in keyof Given]?: NumberRule };
  /** The options whose text is recorded, sent or shown to people: what steers a terminal or a runner is replaced in them. */
  readonly texts?: readonly (keyof Given & string)[];
  /**
   * Does the work and yields the exit code. What it throws is printed as one message, exit code 1.
   * One that has no second parameter takes no arguments besides its options: any is a mistake in the call.
   */
  readonly run: (values: Parsed<Given>['values'], positionals: readonly string[]) => Promise<number> | number;
}

/** The call itself is wrong: the message says how; `--help` says the rest. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a command with this process's arguments and sets its exit code. */
export async function runCommand<const Given extends Options>(
  command: Command<Given>,
  args = process.argv.slice(2),
): Promise<void> {
  guardOutput();
  // A command may use what stands below its call: its module is evaluated to the end first.
  await Promise.resolve();
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.help.trim()}\n`);
    return;
  }
  try {
    const parsed = parse(command.options, args);
    if (command.run.length < 2 && parsed.positionals.length > 0)
      throw new UsageError('It takes no arguments besides its options.');
    for (const [name, rule] of Object.entries<NumberRule | undefined>(command.numbers ?? {})) {
      const text: unknown = Reflect.get(parsed.values, name);
      if (rule && typeof text === 'string') numberOf(`--${name}`, text, rule);
    }
    for (const name of command.texts ?? []) {
      const text: unknown = Reflect.get(parsed.values, name);
      if (typeof text === 'string') Reflect.set(parsed.values, name, printableLines(text));
    }
    const stack: unknown = Reflect.get(parsed.values, 'stack');
    openStackTrail(typeof stack === 'string' ? stack : 'staging');
    if (typeof stack === 'string') actOn(stack);
    process.exitCode = await command.run(parsed.values, parsed.positionals);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write('--help shows how it is called.\n');
    process.exitCode = exitCode.error;
  }
  // A request that is no longer waited for (a vault that hangs) must not keep the command from ending.
  setTimeout(() => process.exit(), 1000).unref();
}

function parse<const Given extends Options>(options: Given, args: string[]): Parsed<Given> {
  try {
    return parseArgs({ options, args, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(callProblem(error) ?? String(error));
  }
}

/** What `parseArgs` found wrong in a call, in one sentence; `undefined` for any other error. */
export function callProblem(error: unknown): string | undefined {
  const { code, message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code?.startsWith('ERR_PARSE_ARGS_') !== true) return undefined;
  // Node goes on with advice that is longer than the mistake.
  return `${message.split(/\.(?:\s|$)|\n/)[0] ?? ''}.`;
}
