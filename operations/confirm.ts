import { createInterface } from 'node:readline/promises';

/**
 * Asks for the word `expected` (`yes` by default) on the terminal; every other answer, Ctrl-C and Ctrl-D mean no. Without a terminal nobody can answer: it throws and
 * names the flag that a script uses instead.
 */
export async function confirm(
  question: string,
  { yes, expected = 'yes' }: { readonly yes: boolean; readonly expected?: string },
): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new Error('Nothing was done: there is no terminal to confirm on. Add --yes, or --dry-run to look only.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-C and Ctrl-D close the terminal, and a question to a closed one is never answered: they mean no.
    const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
    const answer = await Promise.race([terminal.question(`${question} (${expected}) `), closed]);
    if (answer === undefined) process.stderr.write('\n');
    return answer?.trim() === expected;
  } finally {
    terminal.close();
  }
}
