import { posix } from 'node:path';
import type { Reader, TokenUseFound } from '../readers.ts';
import type { Files } from './listed.ts';
import { isShell } from './shell.ts';
import { isWorkflow } from './workflow.ts';

/** How a script or a workflow fills a value in. */
const forms = (name: string): readonly string[] => [
  ...[`$${name}`, `\${${name}`],
  ...['secrets', 'vars', 'env'].flatMap((context) => [`\${{ ${context}.${name} }}`, `\${{${context}.${name}}}`]),
];

/** Where scripts and workflows send one of these values as a bearer token, under the names that they hand it on by too. */
export function bearersIn(readers: readonly Reader[], names: readonly string[], files: Files): TokenUseFound[] {
  const own = readers.filter(
    ({ name, file }) =>
      names.includes(name) && (isShell(file) || isWorkflow(file) || posix.basename(file) === 'package.json'),
  );
  const found = new Map<string, TokenUseFound>();
  for (const { name, file, place, handedAs } of own) {
    const whole = files.text(file) ?? '';
    const all = namesFor(whole, [name, ...(handedAs === undefined ? [] : [handedAs])]);
    whole.split('\n').forEach((text, index) => {
      const column = columnOf(text, all);
      if (column === undefined) return;
      found.set(`${name} ${file}:${index}`, { name, place, use: 'bearer', file, line: index + 1, column });
    });
  }
  return [...found.values()];
}

/** The names, and those that a script gives the same value: `K="$NAME"`. */
function namesFor(text: string, names: readonly string[]): readonly string[] {
  const given = [...text.matchAll(/(?<![\w$])([A-Za-z_]\w*)=(?=["']?(\$.*))/g)];
  const more = given.flatMap(([, name = '', rest = '']) => (beginsWithOne(rest, names) ? name : []));
  const all = new Set([...names, ...more]);
  return all.size === names.length ? names : namesFor(text, [...all]);
}

/** Where a line has one of these names as a bearer token, from 1. */
function columnOf(line: string, names: readonly string[]): number | undefined {
  const word = 'bearer ';
  const lower = line.toLowerCase();
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    // A quote may end before the value, and another one begin: "Bearer "$NAME, 'Bearer '"$NAME".
    const rest = line.slice(at + word.length).replace(/^[\\"']+/, '');
    if (beginsWithOne(rest, names)) return at + 1;
  }
  return undefined;
}

function beginsWithOne(text: string, names: readonly string[]): boolean {
  return names.some((name) =>
    forms(name).some(
      (form) => text.startsWith(form) && !/^\w/.test(form.endsWith(name) ? text.slice(form.length) : ''),
    ),
  );
}
