import { posix } from 'node:path';
import type { Reader, TokenUseFound } from '../readers.ts';
import type { Files } from './listed.ts';
import { isShell } from './shell.ts';
import { isWorkflow } from './workflow.ts';

/** How a script or a workflow fills a value in, right behind the word that makes it a bearer token. */
const forms = (name: string): readonly string[] => [
  ...[`$${name}`, `\${${name}}`, `\${${name}:`],
  ...['secrets', 'vars', 'env'].flatMap((context) => [`\${{ ${context}.${name} }}`, `\${{${context}.${name}}}`]),
];

/** Where scripts and workflows send one of these values as a bearer token, under the names that they hand it on by too. */
export function bearersIn(readers: readonly Reader[], names: readonly string[], files: Files): TokenUseFound[] {
  const own = readers.filter(
    ({ name, file }) =>
      names.includes(name) && (isShell(file) || isWorkflow(file) || posix.basename(file) === 'package.json'),
  );
  const found = new Map<string, TokenUseFound>();
  for (const { name, file, place, handedAs } of own)
    (files.text(file) ?? '').split('\n').forEach((text, index) => {
      const column = columnOf(text, [name, ...(handedAs === undefined ? [] : [handedAs])]);
      if (column === undefined) return;
      found.set(`${name} ${file}:${index}`, { name, place, use: 'bearer', file, line: index + 1, column });
    });
  return [...found.values()];
}

/** Where a line has one of these names as a bearer token, from 1. */
function columnOf(line: string, names: readonly string[]): number | undefined {
  const word = 'bearer ';
  const lower = line.toLowerCase();
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    const rest = line.slice(at + word.length);
    const isOne = names.some((name) =>
      forms(name).some(
        (form) => rest.startsWith(form) && !/^\w/.test(form.endsWith(name) ? rest.slice(form.length) : ''),
      ),
    );
    if (isOne) return at + 1;
  }
  return undefined;
}
