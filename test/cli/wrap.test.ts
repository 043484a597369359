import { describe, expect, it } from '@jest/globals';
import { wrapped } from '../../cli/wrap.ts';

const words = (count: number): string => Array.from({ length: count }, () => 'word').join(' ');

describe('a text of a help', () => {
  it('flows again where the sources broke it for want of room', () => {
    expect(wrapped(`${words(22)} longer\nand so on.`, 60)).toBe(`${words(12)}\n${words(10)} longer and\nso on.`);
    expect(wrapped(`${words(22)} longer\nand so on.`, 130)).toBe(`${words(22)} longer and so on.`);
  });

  it.each([
    ['a list', '  read     as it should be\n  unread   no code asks for it'],
    ['a paragraph of its own', `${words(23)}\n\nNext.`],
    ['another indentation', `${words(22)} longer\n  indented`],
    ['the exit codes', `${words(22)} longer\nExit codes: 0 fine.`],
  ])('keeps %s', (_, text) => {
    expect(wrapped(text, 120)).toBe(text);
  });

  it('keeps the indentation of a line that goes on', () => {
    expect(wrapped(`  ${words(12)}`, 40)).toBe(`  ${words(7)}\n  ${words(5)}`);
  });

  it('keeps the spaces of a table, and a word that is too long whole', () => {
    expect(wrapped(`name      ${'x'.repeat(50)} end`, 40)).toBe(`name\n${'x'.repeat(50)}\nend`);
    expect(wrapped('name      what it is', 40)).toBe('name      what it is');
  });
});
