import type { Reader } from '../readers.ts';

/** What Vite gives the browser by default begins so; no other name is replaced in a page. */
const prefix = 'VITE_';

/** The names that Vite replaces in a page: `%VITE_NAME%`. */
export function pageReaders(file: string, text: string): Reader[] {
  return text.split('\n').flatMap((content, index) => {
    const parts = content.split('%');
    let column = 1;
    return parts.flatMap((part, at): Reader[] => {
      const here = column;
      column += part.length + 1;
      const isName = at > 0 && at < parts.length - 1 && part.startsWith(prefix) && /^\w+$/.test(part);
      return isName
        ? [{ name: part, place: 'build', means: 'import.meta.env', file, line: index + 1, column: here }]
        : [];
    });
  });
}
