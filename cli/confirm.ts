import { createInterface } from 'node:readline/promises';
import { approvedBy } from '../audit/trail.ts';
import { unguarded } from '../machine/output.ts';
import { printableLines } from '../machine/printable.ts';

interface Consent {
  /** The answer was given on the command line. */
  readonly yes: boolean;
  /** The word that means yes. */
  readonly expected?: string;
  /** Whether an answer means the same as `expected`; else it has to be the very word. */
  readonly means?: (answer: string) => boolean;
  /** What is so without that word, for who mistyped it. */
  readonly otherwise?: string;
}

/**
 * Asks for the word `expected` (`yes` by default) on the terminal. Another word is asked for once more, with what it
 * means; `no`, Ctrl-C, Ctrl-D and a second other word mean no. A question that ends with a question mark is followed by
 * what to type; any other says it by itself. Without a terminal there is no answer: it throws and names the flag that a
 * script uses instead.
 */
export async function confirm(
  question: string,
  { yes, expected = 'yes', otherwise = 'nothing was done', means = (answer) => answer === expected }: Consent,
): Promise<boolean> {
  if (yes) return agreed('--yes');
  if (!process.stdin.isTTY)
    throw new Error('Nothing was done: there is no terminal to confirm on. Add --yes, or --dry-run to only read.');
  const terminal = createInterface({ input: process.stdin, output: unguarded(process.stderr) });
  try {
    // Ctrl-C and Ctrl-D close the terminal, and a question to a closed one is never answered: they mean no.
    const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
    const ask = async (text: string) => (await Promise.race([terminal.question(printableLines(text)), closed]))?.trim();
    const whole = question.endsWith('?') ? `${question} Type ${expected} to go on: ` : `${question} `;
    let answer = await ask(whole);
    if (answer !== undefined && !means(answer) && !isNo(answer)) {
      answer = await ask(`That is not ${expected}: ${otherwise}. Type ${expected}, or no: `);
    }
    if (answer === undefined) process.stderr.write('\n');
    return answer !== undefined && means(answer) && agreed(`typed ${expected}`);
  } finally {
    terminal.close();
  }
}

/** Yes, and the audit trail says by which words. */
function agreed(how: string): true {
  approvedBy(printableLines(how));
  return true;
}

function isNo(answer: string): boolean {
  return ['no', 'n'].includes(answer.toLowerCase());
}
