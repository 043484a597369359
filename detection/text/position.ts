/** A place in a text as people and editors count it: both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The place of any offset in `text`; its lines are counted once, however many places are asked for. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** The line and column of `offset` in `text`. */
export function positionAt(text: string, offset: number): Position {
  return positionsIn(text)(offset);
}
