import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, it, jest } from '@jest/globals';
import { hiddenAnswer } from '../../../commands/rotate/hiddenAnswer.ts';
import { buildTerminal, typed } from '../../support/typed.ts';

const { stdin } = process;
afterEach(() => {
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  jest.restoreAllMocks();
});

/** Standard input that gives this; on a terminal with what it shows. */
function given(text: string | readonly string[], isTTY: boolean): string[] {
  const input = Object.assign(new PassThrough(), { isTTY });
  const [first = '', ...later] = typeof text === 'string' ? [text] : text;
  input.write(first);
  for (const [index, part] of later.entries()) setTimeout(() => input.write(part), 100 * (index + 1));
  if (!isTTY || text === '') input.end(); // a terminal stays open behind its line
  Object.defineProperty(process, 'stdin', { value: input, configurable: true });
  const shown: string[] = [];
  const record = (chunk: string | Uint8Array) => {
    shown.push(String(chunk));
    return true;
  };
  jest.spyOn(process.stderr, 'write').mockImplementation(record);
  jest.spyOn(process.stdout, 'write').mockImplementation(record);
  return shown;
}

it('takes what a script gives without the end of its line, and asks nothing', async () => {
  const shown = given('made-up-answer\n', false);
  expect(await hiddenAnswer('The new one: ')).toBe('made-up-answer');
  expect(shown).toEqual([]);
});

it('shows the question on a terminal, and nothing of what is typed', async () => {
  const shown = given('made-up-answer\n', true);
  expect(await hiddenAnswer('The new one: ')).toBe('made-up-answer');
  expect(shown.join('')).toBe('The new one: \n');
});

it.each([
  { what: 'nothing from a script', text: '', isTTY: false },
  { what: 'blanks from a script', text: ' \n', isTTY: false },
  { what: 'an empty line on a terminal', text: '\n', isTTY: true },
  { what: 'a terminal that was closed', text: '', isTTY: true },
  { what: 'Ctrl-C behind a part of it', text: 'made-up\u0003', isTTY: true },
  { what: 'Ctrl-C right behind the line', text: 'made-up\r\u0003', isTTY: true },
])('takes no empty value: $what', async ({ text, isTTY }) => {
  given(text, isTTY);
  await expect(hiddenAnswer('The new one: ')).rejects.toThrow('No new value was given. Nothing was written.');
});

const [start, end] = ['\u001b[200~', '\u001b[201~'];

it.each([
  ['at once', ['made-up\rhalf\r']],
  ['at once, without an end', ['made-up\nhalf']],
  ['behind one that is empty', ['\rmade-up\r']],
  ['one after the other', ['made-up\r', 'half\r']],
  ['one after the other, without an end', ['made-up\r', 'ha', 'lf']],
  ['as a terminal marks a paste', [`${start}made-up\rhalf${end}`, '\r']],
  ['as a terminal marks a paste, in slow parts', [`${start}made-up\r`, '', '', '', '', '', `half${end}`]],
])('takes none of several lines that are pasted: %s', async (_, parts) => {
  const shown = given(parts, true);
  await expect(hiddenAnswer('The new one: ')).rejects.toThrow(
    'More than one line was pasted, so none of it was taken.',
  );
  expect(shown.join('')).toMatch(/^The new one: /);
  expect(shown.join('')).not.toMatch(/made-up|ha|lf/);
});

it.each([
  ['with the end of its line', [`${start}made-up-answer\r${end}`]],
  ['and the key Enter', [`${start}made-up-answer${end}`, '\r']],
  ['and Enter twice', ['made-up-answer\r', '\r']],
  ['after a correction', ['wrong\u0015made-up-answers\u007f\r']],
])('takes one line that is pasted %s', async (_, parts) => {
  given(parts, true);
  expect(await hiddenAnswer('The new one: ')).toBe('made-up-answer');
});

it.each(['made-up\nhalf', 'made-up\nhalf\n', 'made-up\r\nhalf\r\n', '\nmade-up\n'])(
  'takes none of several lines from a script: %j',
  async (text) => {
    given(text, false);
    await expect(hiddenAnswer('The new one: ')).rejects.toThrow('More than one line was given on standard input');
  },
);

it('takes what a script gives with the line break of another system', async () => {
  given('made-up-answer\r\n', false);
  expect(await hiddenAnswer('The new one: ')).toBe('made-up-answer');
});

it('shows nothing of a wrapped paste on a real terminal, and leaves nothing of it to the next question', async () => {
  const pty = buildTerminal();
  const script = `
    const { hiddenAnswer } = await import(${JSON.stringify(join(process.cwd(), 'commands/rotate/hiddenAnswer.ts'))});
    await hiddenAnswer('The new one: ').then(() => console.log('taken'), (error) => console.log(error.message));
    const { createInterface } = await import('node:readline/promises');
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    console.log('[' + (await terminal.question('Next: ')) + ']');
    terminal.close();`;
  try {
    const node = join(process.cwd(), 'node_modules/.bin/node');
    const { output } = await typed(
      pty,
      [node, '--input-type=module', '-e', script],
      { cwd: process.cwd(), env: { PATH: process.env.PATH, TERM: 'xterm' } },
      [
        [/The new one: /, 'made-up\rhalf\rend'],
        [/Next: /, 'no\r'],
      ],
    );
    expect(output).toContain('More than one line was pasted');
    expect(output).toContain('[no]');
    expect(output).not.toMatch(/made-up|half|end/);
  } finally {
    rmSync(dirname(pty), { recursive: true });
  }
}, 60_000);
