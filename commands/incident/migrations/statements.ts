/** One statement of an SQL text. */
export interface Statement {
  /** As it stands, with its comments, without the `;` at its end. */
  readonly text: string;
  /** Its words in capitals, in order: what stands in a comment, a string, a quoted name or a function's body is none. */
  readonly words: readonly string[];
}

const wordStart = /[A-Za-z_\u0080-\uffff]/;
const wordPart = /[\w$\u0080-\uffff]/;

/**
 * Splits an SQL text where PostgreSQL would, and Supabase's command line does: at each `;` that is in no comment, string,
 * quoted name, dollar quote or parenthesis, and in no `BEGIN ATOMIC … END`. Throws when one of them never ends.
 */
export function splitStatements(sql: string): Statement[] {
  const statements: Statement[] = [];
  let [start, at, parentheses, atomic] = [0, 0, 0, 0];
  let words: string[] = [];
  const take = (end: number) => {
    const text = sql.slice(start, end).trim();
    // A comment alone is a statement of its own at the end of a file, as the command line keeps it; blank text is none.
    if (text !== '') statements.push({ text, words });
    words = [];
  };
  while (at < sql.length) {
    const end = endOfQuoted(sql, at);
    const letter = sql[at] ?? '';
    if (end !== undefined) {
      at = end;
    } else if (wordStart.test(letter)) {
      const from = at;
      while (at < sql.length && wordPart.test(sql[at] ?? '')) at += 1;
      const word = sql.slice(from, at).toUpperCase();
      if (word === 'ATOMIC' && words.at(-1) === 'BEGIN') atomic += 1;
      else if (atomic > 0 && word === 'CASE') atomic += 1;
      else if (atomic > 0 && word === 'END') atomic -= 1;
      words.push(word);
    } else {
      if (letter === '(') parentheses += 1;
      if (letter === ')') parentheses = Math.max(0, parentheses - 1);
      at += 1;
      if (letter !== ';' || parentheses > 0 || atomic > 0) continue;
      take(at - 1);
      start = at;
    }
  }
  take(sql.length);
  return statements;
}

/** Where the comment, string, quoted name or dollar quote that begins at `at` ends; `undefined` where none begins. */
function endOfQuoted(sql: string, at: number): number | undefined {
  const two = sql.slice(at, at + 2);
  if (two === '--') {
    const end = sql.indexOf('\n', at);
    return end === -1 ? sql.length : end + 1;
  }
  if (two === '/*') return endOfBlock(sql, at);
  const letter = sql[at];
  if (letter === '"') return closing(sql, at + 1, '"', 'a quoted name');
  if (letter === "'") return isEscaped(sql, at) ? endOfEscaped(sql, at + 1) : closing(sql, at + 1, "'", 'a string');
  if (letter !== '$' || wordPart.test(sql[at - 1] ?? '')) return undefined;
  const [tag] = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 130)) ?? [];
  return tag === undefined ? undefined : closing(sql, at + tag.length, tag, 'a dollar quote');
}

/** PostgreSQL's block comments nest. */
function endOfBlock(sql: string, from: number): number {
  let [depth, at] = [0, from];
  while (at < sql.length) {
    const two = sql.slice(at, at + 2);
    if (two === '/*') depth += 1;
    if (two === '*/') depth -= 1;
    at += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return at;
  }
  throw new Error('a comment never ends');
}

/** `E'…'`: there a backslash takes away the meaning of what follows. */
function isEscaped(sql: string, at: number): boolean {
  return /[eE]/.test(sql[at - 1] ?? '') && !wordPart.test(sql[at - 2] ?? '');
}

function endOfEscaped(sql: string, from: number): number {
  for (let at = from; at < sql.length; at += 1) {
    if (sql[at] === '\\') at += 1;
    else if (sql[at] === "'") return at + 1;
  }
  throw new Error('a string never ends');
}

/** After the mark. A doubled one ends a string and begins the next, which is the same for where statements end. */
function closing(sql: string, from: number, mark: string, what: string): number {
  const end = sql.indexOf(mark, from);
  if (end === -1) throw new Error(`${what} never ends`);
  return end + mark.length;
}
