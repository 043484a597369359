import { Option } from '@commander-js/extra-typings';
import { printableLines } from '../machine/printable.ts';
import { UsageError } from './errors.ts';
import { count, numberOf, seconds, type NumberRule } from './numbers.ts';
import { defaultStack } from '../settings/stack/stackFile.ts';

// The options that several commands share. An option with a rule of its own is written by the helpers below.

export const stack = new Option('--stack <NAME>', `the stack (default: ${defaultStack})`).default<string>(defaultStack);
export const yes = flag('--yes', 'do it without asking');
export const dryRun = flag('--dry-run', 'say what would be done, and do nothing');
export const json = flag('--json', 'the result as JSON');
export const check = flag('--check', 'change nothing: say whether it is up to date');
export const project = new Option(
  '--project <REF>',
  'with --yes: the reference of the shared project, which stands for the typed one',
);
export const by = text('--by <NAME>', 'who (default: this account)');

/** An option without a value: false where it is not given. */
export function flag<Usage extends `--${string}`>(usage: Usage, description: string) {
  return new Option(usage, description).default(false);
}

/** An option whose text is recorded, sent or shown to people: what steers a terminal or a runner is replaced in it. */
export function text<Usage extends `--${string} <${string}>`>(usage: Usage, description: string) {
  return new Option(usage, description).argParser((given: string) => printableLines(given));
}

/** An option that may be given several times. */
export function several<Usage extends `--${string} <${string}>`>(usage: Usage, description: string) {
  const none: readonly string[] = [];
  return new Option(usage, `${description}; may be repeated`)
    .argParser((given: string, before: readonly string[]) => [...before, given])
    .default(none);
}

/** An option that is a number by a rule. */
export function number<Usage extends `--${string} <${string}>`>(usage: Usage, rule: NumberRule, description: string) {
  return new Option(usage, description).argParser((given: string) => numberOf(nameIn(usage), given, rule));
}

/** An option that is several whole numbers, with commas between them. */
export function numbers<Usage extends `--${string} <${string}>`>(usage: Usage, description: string) {
  return new Option(usage, description).argParser((given: string): readonly number[] =>
    given.split(',').map((each) => numberOf(nameIn(usage), each, count)),
  );
}

/** How long a command waits. */
export function timeout(description: string, rule: NumberRule = seconds) {
  return number('--timeout <SECONDS>', rule, description);
}

/** An option that takes one of a few words. */
export function choice<Usage extends `--${string} <${string}>`, Word extends string>(
  usage: Usage,
  words: readonly Word[],
  description: string,
) {
  return new Option(usage, description).argParser((given: string) => oneOf(nameIn(usage), given, words));
}

/** The one of `words` that was given. Throws a {@link UsageError} for any other. */
function oneOf<Word extends string>(name: string, given: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`${name} is ${alternatives(words)}.`);
  return found;
}

/** `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** `--stack` of `--stack <NAME>`. */
function nameIn(usage: string): string {
  return usage.split(' ')[0] ?? usage;
}
