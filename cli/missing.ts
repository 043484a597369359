import { printable } from '../machine/printable.ts';
import { shellWords } from '../machine/shellWords.ts';
import { UsageError } from './errors.ts';
import { columns } from '../machine/columns.ts';

/** One thing that a call lacks. */
export interface Missing {
  /** As it is typed: `--reason TEXT`, or `NAME` for what stands before the options. */
  readonly add: string;
  /** Why it is wanted, or what it may be. */
  readonly why: string;
}

/** What a person typed: the script that npm runs, and what stands behind `--`. */
export interface Call {
  readonly script: string;
  readonly args: readonly string[];
  /** What is so without it, where that matters more than the call: `AGENTS STILL ACT`. */
  readonly otherwise?: string;
}

/**
 * Refuses once, with everything that a call lacks and the whole command to type. What is `false` is there. A refusal that
 * names one thing at a time is met again and again.
 */
export async function refuseMissing(call: Call, lacking: readonly (Missing | false)[]): Promise<void> {
  const missing = lacking.filter((each) => each !== false);
  if (missing.length === 0) return;
  const lines = columns(
    missing.map(({ add, why }) => [add, why]),
    '  ',
  );
  const nothing = `Nothing was done${call.otherwise === undefined ? '' : `: ${call.otherwise}`}. Missing:`;
  throw new UsageError([nothing, ...lines, `The whole command: ${await wholeCommand(call, missing)}`].join('\n'));
}

/**
 * What a script has to add because no person is there to answer: `--yes`, and the `reference` of the Supabase project where
 * production uses what is written to.
 */
export function missingConsent(
  given: { readonly yes: boolean; readonly project?: string | undefined },
  reference?: string,
): (Missing | false)[] {
  const isScript = given.yes || !process.stdin.isTTY;
  return [
    isScript && !given.yes && { add: '--yes', why: 'there is no terminal to confirm on (--dry-run only reads)' },
    isScript &&
      reference !== undefined &&
      given.project === undefined && {
        add: `--project ${reference}`,
        why: 'PRODUCTION uses this project too: its reference stands beside --yes',
      },
  ];
}

/** The call with what it lacks, in place of what was wrong. What was typed may hold a secret: it is masked. */
async function wholeCommand({ script, args }: Call, missing: readonly Missing[]): Promise<string> {
  const names = missing.map(({ add }) => add.split(' ')[0] ?? '');
  const kept = args.filter(
    (arg, index) =>
      !names.includes(arg.split('=')[0] ?? '') && !(takesWord(args[index - 1], names) && !arg.startsWith('--')),
  );
  const first = kept.findIndex((arg) => arg.startsWith('-'));
  const at = first === -1 ? kept.length : first;
  const typedHere = missing.filter(({ why }) => !why.startsWith(inEnvironment));
  const added = (isOption: boolean) =>
    typedHere.map(({ add }) => add).filter((add) => add.startsWith('-') === isOption);
  // Loaded only here: its rules are many, and most calls lack nothing.
  const { createRedactor, sensitiveValues } = await import('../detection/redact.ts');
  const { secretWords } = await import('../detection/typedWords.ts');
  const redact = createRedactor([...sensitiveValues(process.env), ...secretWords(kept)]);
  const typed = (words: readonly string[]) => (words.length === 0 ? [] : [printable(redact(shellWords(words)))]);
  const words = [...typed(kept.slice(0, at)), ...added(false), ...typed(kept.slice(at)), ...added(true)];
  // As it was typed, so with the stack that was named.
  return ['npm', 'run', script, '--', ...words].join(' ');
}

/** How the reason begins of what is set in the environment, not typed. */
const inEnvironment = 'in the environment';

/** Whether the word behind this one is the value of an option that is wrong. */
function takesWord(before: string | undefined, names: readonly string[]): boolean {
  return before !== undefined && before.startsWith('--') && names.includes(before);
}
