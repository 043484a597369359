/** A line of the sources that would have been longer than this with the next one's first word was broken for want of room. */
const sourceWidth = 110;

/** What begins a line of its own, wherever the one before ends. */
const begins = /^Exit codes?:/;

/**
 * A text of a help in lines of at most `width`. Lines that the sources broke for want of room flow together again; those
 * that end early (a list, a table) stay. What goes on in a new line keeps the indentation.
 */
export function wrapped(text: string, width: number): string {
  return flowing(text.split('\n'))
    .flatMap((line) => broken(line, width))
    .join('\n');
}

/** The lines, each with those that only go on with it. */
function flowing(lines: readonly string[]): string[] {
  return lines.reduce<string[]>((found, line, index) => {
    const before = lines[index - 1] ?? '';
    const [word = ''] = line.trimStart().split(' ', 1);
    const goesOn =
      word !== '' &&
      !begins.test(line) &&
      before.trim() !== '' &&
      indentation(before) === indentation(line) &&
      before.length + 1 + word.length > sourceWidth;
    return goesOn ? [...found.slice(0, -1), `${found.at(-1) ?? ''} ${line.trimStart()}`] : [...found, line];
  }, []);
}

/** One line as several that fit; a word that is longer alone stays whole. */
function broken(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = indentation(line);
  const found: string[] = [];
  // Spaces within a line (of a table) stay as they are.
  for (const chunk of line.trimStart().match(/\s*\S+/g) ?? []) {
    const last = found.at(-1);
    if (last !== undefined && last.length + chunk.length <= width) found[found.length - 1] = last + chunk;
    else found.push(indent + chunk.trimStart());
  }
  return found;
}

function indentation(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}
