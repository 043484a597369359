import { Command, Help, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { wrapped } from './wrap.ts';

/** What the library does not know of a command. */
interface Traits {
  /** How it is called where that is not `npm run NAME`: its own npm script, like `deploy:trigger`, or `npm start`. */
  readonly typed?: string;
  /** What stands behind it in the help, before the options, where its arguments do not say that. */
  readonly usage?: string;
  /** It takes what stands behind it as it is, options included. */
  readonly verbatim?: true;
}

const traits = new WeakMap<object, Traits>();

/** The widest line of a help: as the sources, and less on a narrow terminal. */
const widest = 120;

/** How wide a line of a help may be on this terminal. */
export function helpWidth(): number {
  return Math.min(process.stdout.columns || widest, widest);
}

/** A command or a verb of one, before its options: how its help looks, and that a wrong call throws instead of ending the process. */
export function define(name: string, description: string, own: Traits = {}) {
  const command = new Command(name)
    .description(description.trim())
    .helpOption('-h, --help', 'show this')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      outputError: () => undefined, // it is thrown as well
      getOutHelpWidth: helpWidth,
    })
    .configureHelp({
      commandUsage: usageOf,
      optionTerm: ({ flags }) => plain(flags),
      optionDescription: ({ description: text }) => text,
      argumentDescription: ({ description: text }) => text,
      subcommandTerm: (verb) =>
        [verb.name(), verbNames(verb), argumentsOf(verb)].filter((part) => part !== '').join(' '),
      subcommandDescription: (verb) => `${firstParagraph(verb)}\n${optionsLine(verb)}`.trimEnd(),
      styleTitle: (title) => (title === 'Commands:' ? 'Verbs:' : title),
      styleUsage: (usage) => usage,
      boxWrap: wrapped,
      formatHelp: (of, helper) => Help.prototype.formatHelp.call(helper, of, helper).replace(/^Usage: /, ''),
    });
  traits.set(command, own);
  return command;
}

/** Makes an action of steps that yield the exit code. */
export function ends<Given extends unknown[]>(
  steps: (...given: Given) => number | Promise<number>,
): (...given: Given) => Promise<void> {
  return async (...given) => {
    process.exitCode = await steps(...given);
  };
}

/** Whether a command takes what stands behind it as it is. */
export function isVerbatim(command: CommandUnknownOpts): boolean {
  return traits.get(command)?.verbatim === true;
}

/** The words by which a person begins its call: `npm run deploy:trigger`, `npm run kill-switch -- off`. */
export function typed(command: CommandUnknownOpts): string {
  const own = traits.get(command)?.typed;
  if (own !== undefined) return own.startsWith('npm ') ? own : `npm run ${own}`;
  const { parent } = command;
  if (parent === null) return `npm run ${command.name()}`;
  const before = typed(parent);
  return `${before}${before.includes(' -- ') ? '' : ' --'} ${command.name()}`;
}

/** The same up to where arguments follow: `npm run deploy:trigger --`. */
export function callOf(command: CommandUnknownOpts): string {
  const before = typed(command);
  return before.includes(' -- ') ? before : `${before} --`;
}

/** The whole call, as the first line of the help: `npm run deploy:trigger -- [options]`. */
export function usageOf(command: CommandUnknownOpts): string {
  const verbs = command.commands;
  if (verbs.length > 0 && verbs.every((verb) => traits.get(verb)?.typed !== undefined))
    return verbs.map(typed).join(' | ');
  const behind = [
    verbs.length > 0 ? 'VERB' : argumentsOf(command),
    isVerbatim(command) || (verbs.length === 0 && command.options.length === 0) ? '' : '[options]',
  ];
  const words = behind.filter((part) => part !== '');
  return words.length === 0 ? typed(command) : [callOf(command), ...words].join(' ');
}

/** What stands behind a command before its options: `NAME`, `[FILE…]`. */
function argumentsOf(command: CommandUnknownOpts): string {
  const own = traits.get(command)?.usage;
  if (own !== undefined) return own;
  return command.registeredArguments
    .map((each) => `${each.name()}${each.variadic ? '…' : ''}`)
    .map((name, index) => (command.registeredArguments[index]?.required === true ? name : `[${name}]`))
    .join(' ');
}

function verbNames({ commands }: CommandUnknownOpts): string {
  return commands.map((verb) => verb.name()).join('|');
}

function firstParagraph(command: CommandUnknownOpts): string {
  return (command.description().split('\n\n')[0] ?? '').replaceAll('\n', ' ');
}

function optionsLine(command: CommandUnknownOpts): string {
  return command.options.map(({ flags }) => plain(flags)).join(' ');
}

/** `--stack NAME` of `--stack <NAME>`, as this project writes it. */
export function plain(flags: string): string {
  return flags.replaceAll('<', '').replaceAll('>', '');
}
