import { isCarried } from './carriers.ts';

/** How much below a name is read, so that a text full of names takes no longer than another: one setting is short. */
const limits = { words: 60, lines: 40 };

/** `DB_PASSWORD.value`, `DB_PASSWORD.netlify[0].otherContexts.dev`, as code and `pulumi config set --path` write it. */
const dotted = /(?:\.[\w:-]{1,40}(?:\[\d{1,3}\])?){1,3}/y;

/** `"DB_PASSWORD": {`, `dbPassword: Setting = {`, `api_keys = [{`, Terraform's `variable "db_password" {`. */
const opening = /(?:["'`]?[ \t]{0,80}(?::[^={}\r\n]{0,60}=|=>|:=|[:=])\s{0,80}(?:\[\s{0,80})?|"[ \t]{0,3})(?=\{)/y;
const word = /"[^"\r\n]{0,400}"|'[^'\r\n]{0,400}'|`[^`]{0,400}`|[{}]|[A-Za-z_$][\w$-]*/g;
const assigns = /\s{0,80}(?:=>|:(?!:)|=(?![=>]))/y;
const nextInList = /\s{0,80},\s{0,80}\{/y;

/** `DB_PASSWORD:` at the end of a line, with YAML's anchor, tag or comment. */
const blockStart = /["']?[ \t]{0,80}:[ \t]{0,80}(?:[&!]\S{1,40}[ \t]{0,80}){0,2}(?:#[^\r\n]{0,400})?\r?\n/y;
const margin = /^[ \t]*(?:- +)*/;
const commentMargin = /^[ \t]*(?:#|\/\/)[ \t]*(?:- +)*/;
const lineKey = /^((?:# ?)?["']?)([\w./:-][\w./: -]{0,80}?)["']?[ \t]*:(?=\s|$)/;

/** The ends of the keys below a name that hold its value, in the order of the text. `start` and `end` are the name's. */
export function* nestedKeys(text: string, start: number, end: number): Generator<number> {
  dotted.lastIndex = end;
  const path = dotted.exec(text)?.[0];
  if (path !== undefined && isCarried(path.slice(1).split('.'))) yield end + path.length;
  opening.lastIndex = end;
  const brace = opening.exec(text)?.[0];
  if (brace !== undefined) yield* inBraces(text, end + brace.length);
  blockStart.lastIndex = end;
  const line = blockStart.exec(text)?.[0];
  if (line !== undefined) yield* byIndentation(text, start, end + line.length);
}

/** JSON, object literals, Terraform: by nesting, from the opening brace on, which stands below the keys `outside`. */
function* inBraces(text: string, from: number, outside: readonly string[] = []): Generator<number> {
  const above: string[] = [];
  let last = '';
  word.lastIndex = from;
  for (let count = 0; count < limits.words; count++) {
    const found = word.exec(text);
    if (!found) return;
    const end = word.lastIndex;
    if (found[0] === '{') above.push(last);
    else if (found[0] === '}') {
      above.pop();
      nextInList.lastIndex = end;
      if (above.length === 0 && !nextInList.test(text)) return;
    } else {
      assigns.lastIndex = end;
      if (!assigns.test(text)) continue;
      const quote = /^["'`]/.test(found[0]) ? 1 : 0;
      last = found[0].slice(quote, found[0].length - quote);
      if (isCarried([...outside, ...above.slice(1), last])) yield end - quote;
      word.lastIndex = end;
    }
  }
}

/** YAML: by indentation. What is commented out is read too: it is in the file all the same. */
function* byIndentation(text: string, name: number, from: number): Generator<number> {
  const nameLine = text.slice(text.lastIndexOf('\n', name - 1) + 1, name);
  const isComment = commentMargin.test(nameLine);
  const indentation = (line: string): number => (isComment ? commentMargin : margin).exec(line)?.[0].length ?? 0;
  const own = indentation(nameLine);
  const above: { readonly key: string; readonly indent: number }[] = [];
  let at = from;
  for (let count = 0; count < limits.lines && at < text.length; count++) {
    const next = text.indexOf('\n', at) + 1 || text.length;
    const line = text.slice(at, next);
    const indent = indentation(line);
    const rest = line.slice(indent);
    if (rest.trim() !== '' && !(indent <= own && rest.startsWith('#'))) {
      if (indent <= own) return;
      const [, before = '', key = ''] = lineKey.exec(rest) ?? [];
      while ((above.at(-1)?.indent ?? 0) >= indent) above.pop();
      if (key !== '') {
        const keys = [...above.map((one) => one.key), key];
        const end = at + indent + before.length + key.length;
        if (isCarried(keys)) yield end;
        opening.lastIndex = end;
        const brace = opening.exec(text)?.[0];
        // `netlify: { otherContexts: … }` in this line: what stands in the next ones has its own indentation.
        if (brace !== undefined) {
          for (const inside of inBraces(text, end + brace.length, keys)) if (inside < next) yield inside;
        }
        above.push({ key, indent });
      }
    }
    at = next;
  }
}
