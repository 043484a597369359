import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * A secret that a person types or pastes on the terminal, where nothing of it is shown, or that a script gives on standard
 * input. Throws for an empty one.
 */
export async function hiddenAnswer(question: string): Promise<string> {
  const answer = process.stdin.isTTY ? await typed(question) : await text(process.stdin);
  const value = answer.trim();
  if (value === '') throw new Error('No new value was given. Nothing was written.');
  return value;
}

async function typed(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_, __, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return await Promise.race([terminal.question(''), closed]);
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
