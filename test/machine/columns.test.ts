import { describe, expect, it } from '@jest/globals';
import { columns } from '../../machine/columns.ts';

describe('columns', () => {
  it('stand below each other, and no line ends in blanks', () => {
    const rows = [
      ['a', 'long', 'x'],
      ['long', 'b', ''],
    ];
    expect(columns(rows, '  ')).toEqual(['  a     long  x', '  long  b']);
  });

  it('are as wide as what is seen of them, whatever its colour', () => {
    const red = '\u001B[31mred\u001B[39m';
    expect(
      columns([
        [red, 'x'],
        ['long', 'y'],
      ]),
    ).toEqual([`${red}   x`, 'long  y']);
  });

  it('may be fewer in one row than in another', () => {
    expect(columns([['a'], ['bb', 'c']])).toEqual(['a', 'bb  c']);
  });

  it('are none without rows', () => {
    expect(columns([])).toEqual([]);
  });
});
