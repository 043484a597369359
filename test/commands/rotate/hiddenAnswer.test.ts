import { PassThrough } from 'node:stream';
import { afterEach, expect, it, jest } from '@jest/globals';
import { hiddenAnswer } from '../../../commands/rotate/hiddenAnswer.ts';

const { stdin } = process;
afterEach(() => {
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  jest.restoreAllMocks();
});

/** Standard input that gives this; on a terminal with what it shows. */
function given(text: string, isTTY: boolean): string[] {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.write(text);
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
])('takes no empty value: $what', async ({ text, isTTY }) => {
  given(text, isTTY);
  await expect(hiddenAnswer('The new one: ')).rejects.toThrow('No new value was given. Nothing was written.');
});
