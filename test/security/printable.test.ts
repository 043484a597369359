import { describe, expect, it } from '@jest/globals';
import { printable, printableLines } from '../../machine/printable.ts';

describe('printable', () => {
  it.each([
    ['a name that begins a workflow command', '::error::x', ': :error::x'],
    ['a name that begins one after blanks', '  ::add-mask::x', '  : :add-mask::x'],
    ['a name that begins one after its line break', 'a\n::error::x', 'a ::error::x'],
    ['a line break before it', '\r\n::error::x', ' : :error::x'],
    ['the older form of a command, anywhere', 'a ##[error]x', 'a # #[error]x'],
    ['an escape of the terminal', 'a\u001b[2Jb', 'a\uFFFD[2Jb'],
    ['a backspace, a bell, a DEL, a C1 control', '\b\u0007\u007f\u009b', '\uFFFD\uFFFD\uFFFD\uFFFD'],
    ['a mark that turns the direction of writing', 'a\u202etxt.exe\u2066', 'a\uFFFDtxt.exe\uFFFD'],
    ['a line separator', 'a\u2028::b\u0085c', 'a ::b c'],
    ['colons that begin nothing', 'std::vector :: a', 'std::vector :: a'],
    ['letters of any script', 'Grüße 日本 🙂', 'Grüße 日本 🙂'],
  ])('makes %s harmless', (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps the lines and tabs of a text, and lets none of them begin a command', () => {
    expect(printableLines('fatal: x\r\n::error::y\n\t::debug::z\n a\u001b[0m')).toBe(
      'fatal: x\n: :error::y\n\t: :debug::z\n a\uFFFD[0m',
    );
  });
});
