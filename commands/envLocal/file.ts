/** A variable to write: its value as the application reads it. */
export type Wanted = ReadonlyMap<string, string>;

const assignment = /^(\s*(?:export\s+)?)([A-Za-z_][A-Za-z0-9_]*)(\s*=\s*)/;

/**
 * The text of an env file with these variables set. Every other line, comments and blank ones included, stays byte
 * for byte. A variable that stands twice keeps its last place, which is the one that counts.
 */
export function withVariables(text: string, wanted: Wanted): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const spans = spansOf(lines);
  const written = new Set<string>();
  const kept: string[] = [];
  for (const [index, { name, from, to }] of spans.entries()) {
    const value = name === undefined ? undefined : wanted.get(name);
    const again = name !== undefined && spans.slice(index + 1).some((later) => later.name === name);
    if (name === undefined || value === undefined) kept.push(...lines.slice(from, to));
    else if (!again) {
      const [, before = '', , equals = '='] = assignment.exec(lines[from] ?? '') ?? [];
      kept.push(`${before}${name}${equals}${quoted(value)}`);
      written.add(name);
    }
  }
  for (const [name, value] of wanted) if (!written.has(name)) kept.push(`${name}=${quoted(value)}`);
  return `${kept.join('\n')}\n`;
}

/** The value of a variable in the text; `undefined` when it is not there. The last one counts. */
export function valueIn(text: string, name: string): string | undefined {
  const lines = text.split('\n');
  const span = spansOf(lines).findLast((one) => one.name === name);
  if (!span) return undefined;
  const raw = lines.slice(span.from, span.to).join('\n').replace(assignment, '');
  const [, quote = '', inner = ''] = /^(["'`])([\s\S]*?)(?<!\\)\1/.exec(raw) ?? [];
  if (quote === '') return raw.replace(/\s+#.*$/, '').trim();
  return quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\"', '"') : inner;
}

interface Span {
  readonly name: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** Each assignment with all its lines: a quoted value may have several. */
function spansOf(lines: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < lines.length;) {
    const line = lines[from] ?? '';
    const name = assignment.exec(line)?.[2];
    const opened = /^["'`]/.exec(line.replace(assignment, ''))?.[0];
    let to = from + 1;
    if (name !== undefined && opened !== undefined && !closes(line.replace(assignment, '').slice(1), opened)) {
      const end = lines.findIndex((later, index) => index > from && closes(later, opened));
      if (end > 0) to = end + 1;
    }
    spans.push({ name, from, to });
    from = to;
  }
  return spans;
}

function closes(text: string, quote: string): boolean {
  return new RegExp(`(?<!\\\\)${quote}`).test(text);
}

/** As dotenv reads it back: bare where that is safe, else in quotes. */
function quoted(value: string): string {
  if (/^[\w./:@+-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('`')) return `\`${value}\``;
  return `"${value.replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
