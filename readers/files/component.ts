import { Parser } from 'htmlparser2';

/** Files of Vue, Svelte and Astro: code stands in a part of them. */
const kinds = ['.vue', '.svelte', '.astro'];

/** Whether a file is a component whose code is a part of it. */
export function isComponent(file: string): boolean {
  return kinds.some((kind) => file.endsWith(kind));
}

/** The code of a component, each character where it stands in the file: blanks stand for what is no code. */
export function componentCode(file: string, text: string): string {
  const spans = [...(file.endsWith('.astro') ? frontMatter(text) : []), ...scripts(text)].sort(([a], [b]) => a - b);
  let at = 0;
  let code = '';
  for (const [start, end] of spans) {
    code += blank(text.slice(at, start)) + text.slice(start, end);
    at = end;
  }
  return code + blank(text.slice(at));
}

type Span = readonly [start: number, end: number];

/** What stands between the two lines `---` with which an Astro file begins. */
function frontMatter(text: string): Span[] {
  const fence = '---\n';
  const end = text.startsWith(fence) ? text.indexOf(`\n${fence}`, fence.length - 1) : -1;
  return end === -1 ? [] : [[fence.length, end]];
}

function scripts(text: string): Span[] {
  const spans: Span[] = [];
  let isScript = false;
  const parser = new Parser({
    onopentag: (name) => (isScript = name === 'script'),
    onclosetag: () => (isScript = false),
    ontext: () => {
      if (isScript) spans.push([parser.startIndex, parser.endIndex + 1]);
    },
  });
  parser.end(text);
  return spans;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
