import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { unguarded } from '../../machine/output.ts';

/**
 * A secret that a person types or pastes on the terminal, where nothing of it is shown, or that a script gives on standard
 * input. Throws for an empty one, and for more than one line: a paste that was wrapped would be cut without a word.
 */
export async function hiddenAnswer(question: string): Promise<string> {
  const lines = process.stdin.isTTY ? await typed(question) : (await text(process.stdin)).split(/\r\n|\r|\n/);
  const [first = '', ...more] = lines.map((line) => line.trim());
  if (more.some((line) => line !== ''))
    throw new Error(
      `More than one line was ${process.stdin.isTTY ? 'pasted' : 'given on standard input'}, so none of it was taken. Nothing was written. Give the value as one line.`,
    );
  if (first === '') throw new Error('No new value was given. Nothing was written.');
  return first;
}

/** How long nothing may come behind a line until it was the last one, in milliseconds: no person notices it. */
const quietMs = 300;
/** The same within a paste of which the end has not come yet: a slow line delivers it in parts. */
const pasteMs = 3000;

/** Makes a terminal mark the beginning and the end of a paste; and no more. */
const pasteMarks = { on: '\u001b[?2004h', off: '\u001b[?2004l' };

/**
 * The line that is typed, and whatever comes with it or right behind it: until that has come to an end nothing is shown, so
 * that no part of a secret is left to the next question.
 */
async function typed(question: string): Promise<string[]> {
  const { stdin, stderr } = process;
  const marks = (of: 'on' | 'off') =>
    stderr.isTTY && process.env.TERM !== 'dumb' && unguarded(stderr).write(pasteMarks[of]);
  const silent = new Writable({ write: (_, __, done) => done() });
  const terminal = createInterface({ input: stdin, output: silent, terminal: true });
  const lines: string[] = [];
  let isPasting = false;
  const ended = { byKey: false };
  let quiet: NodeJS.Timeout | undefined;
  let heard = (): void => undefined;
  const onKey = (_: unknown, key: { readonly name?: string } | undefined) => {
    if (key?.name === 'paste-start') isPasting = true;
    if (key?.name === 'paste-end') isPasting = false;
    heard();
  };
  stdin.on('keypress', onKey);
  stderr.write(question); // only now: before, what is typed would be shown
  marks('on');
  try {
    await new Promise<void>((resolve) => {
      heard = () => {
        if (lines.length === 0) return;
        clearTimeout(quiet);
        quiet = setTimeout(resolve, isPasting ? pasteMs : quietMs);
      };
      terminal.on('line', (line) => {
        lines.push(line);
        heard();
      });
      terminal.once('close', () => {
        ended.byKey = true;
        resolve();
      });
    });
    // Ctrl-C and Ctrl-D close it: they mean no, whatever was typed before.
    return ended.byKey ? [] : [...lines, terminal.line];
  } finally {
    clearTimeout(quiet);
    stdin.off('keypress', onKey);
    marks('off');
    terminal.close();
    stderr.write('\n');
  }
}
