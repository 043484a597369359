import { parseArgs } from 'node:util';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { isVerbatim, typed } from './define.ts';
import { UsageError } from './errors.ts';
import { alternatives } from './options.ts';

/** A call, sorted out. */
export interface Call {
  /** The verb, or the command itself where it has none or none was given. */
  readonly command: CommandUnknownOpts;
  /** What it is given, without the verbs. */
  readonly args: readonly string[];
  readonly asksHelp: boolean;
  /** The word that stands where a verb should, and is none. */
  readonly unknown?: string;
}

/**
 * Finds the verb of a call and what it is given. The library wants a verb before its options; here people may type an option
 * first (`kill-switch --emergency off`), because they do. `dashes` says that a value may begin with one.
 */
export function sortCall(command: CommandUnknownOpts, args: readonly string[], dashes: boolean): Call {
  if (isVerbatim(command)) {
    // A verb hands on the help of what it runs: `exec npm run drift -- --help`.
    const asksHelp = (command.parent === null ? args : args.slice(0, 1)).some(
      (arg) => arg === '--help' || arg === '-h',
    );
    return { command, args: ['--', ...args], asksHelp };
  }
  const found = command.commands.length > 0 ? verbIn(command, args) : undefined;
  if (found?.verb) return sortCall(found.verb, args.toSpliced(found.index, 1), dashes);
  // Where a value may begin with a dash, `--text -h` is a text.
  const words = dashes
    ? tokensOf(command, args).flatMap((token) => (token.kind === 'option' ? [token.rawName] : []))
    : args;
  const asksHelp = words.includes('--help') || words.includes('-h') || found?.word === 'help';
  return { command, args, asksHelp, ...(found && { unknown: found.word }) };
}

/**
 * Refuses what the library would take: an option as the value of the one before it (`--reason --yes`), both of `--x` and
 * `--no-x`, and says whose an option of another verb is. `dashes` says that a value may begin with one.
 */
export function checkOptions(root: CommandUnknownOpts, { command, args }: Call, dashes: boolean): void {
  if (isVerbatim(command)) return;
  const tokens = tokensOf(root, args).filter((token) => token.kind === 'option');
  const all = optionsBelow(root);
  for (const { name, rawName, value, inlineValue } of tokens) {
    const isDashed = inlineValue === false && value.length > 1 && value.startsWith('-');
    if (isDashed && (!dashes || all.some(({ long }) => long === value.split('=')[0])))
      throw new UsageError(`Option '${rawName}' argument is ambiguous.`);
    if (inlineValue === true && all.some(({ long, required }) => long === rawName && !required))
      throw new UsageError(`Option '${rawName}' does not take an argument.`);
    if (tokens.some((other) => other.name === `no-${name}`))
      throw new UsageError(`Give one of --${name} and --no-${name}.`);
    const takes = (verb: CommandUnknownOpts) => verb.options.some(({ long }) => long === rawName);
    const others = verbsBelow(root).filter(takes);
    if (command.commands.length === 0 && command !== root && !takes(command) && others.length > 0)
      throw new UsageError(
        `${typed(command)} takes no ${rawName}: that is an option of ${alternatives(others.map((verb) => verb.name()))}.`,
      );
  }
}

/** The first word that is no option and no option's value, and the verb that it names. */
function verbIn(command: CommandUnknownOpts, args: readonly string[]) {
  const tokens = tokensOf(command, args);
  const words = tokens.filter((token) => token.kind === 'positional');
  const named = (word: string | undefined) => command.commands.find((verb) => verb.name() === word);
  // Behind an option that nobody knows a word may be its value.
  const isSure = unknownOption(command, args) === undefined;
  const word = isSure ? words[0] : words.find(({ value }) => named(value));
  return word && { word: word.value, index: word.index, verb: named(word.value) };
}

/** The first option that neither the command nor a verb of it knows. */
export function unknownOption(command: CommandUnknownOpts, args: readonly string[]): string | undefined {
  const known = new Set(optionsBelow(command).map(({ long }) => long));
  return tokensOf(command, args).flatMap((token) =>
    token.kind === 'option' && !known.has(token.rawName) ? [token.rawName] : [],
  )[0];
}

/** The parts of a call, by the options of a command and all its verbs. */
function tokensOf(command: CommandUnknownOpts, args: readonly string[]) {
  const options = Object.fromEntries(
    optionsBelow(command).map(({ long, required }) => [
      long?.slice(2) ?? '',
      { type: required ? ('string' as const) : ('boolean' as const) },
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function optionsBelow(command: CommandUnknownOpts): CommandUnknownOpts['options'] {
  return [command, ...verbsBelow(command)].flatMap(({ options }) => options);
}

/** The verbs of a command, and theirs. */
function verbsBelow(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return command.commands.flatMap((verb) => [verb, ...verbsBelow(verb)]);
}
