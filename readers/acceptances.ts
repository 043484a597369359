import { Lexer } from 'yaml';
import { parseTOML } from 'toml-eslint-parser';
import type { Module } from './code/module.ts';
import type { Acceptance } from './readers.ts';

/** What a comment begins with that accepts a finding: `readers-accept NAME[@PLACE] -- reason`. */
const word = 'readers-accept';

/** What the comments of a module accept. */
export function codeAcceptances(module: Module): Acceptance[] {
  if (!module.text.includes(word)) return [];
  return module.comments.flatMap(({ value, start }) => ofComment(value, module.file, module.place(start).line));
}

/** What the comments of a YAML file accept: a workflow, or a stack's configuration. */
export function yamlAcceptances(file: string, text: string): Acceptance[] {
  if (!text.includes(word)) return [];
  const found: Acceptance[] = [];
  let line = 1;
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith('#')) found.push(...ofComment(token.slice(1), file, line));
    line += token.split('\n').length - 1;
  }
  return found;
}

/** What the comments of a TOML file accept. */
export function tomlAcceptances(file: string, text: string): Acceptance[] {
  if (!text.includes(word)) return [];
  return parseTOML(text).comments.flatMap(({ value, loc }) => ofComment(value, file, loc.start.line));
}

/** What the comments of a file of `NAME=value` lines accept. */
export function lineAcceptances(file: string, text: string): Acceptance[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      line.trimStart().startsWith('#') ? ofComment(line.trimStart().slice(1), file, index + 1) : [],
    );
}

/** A comment of several lines may accept something on each. */
function ofComment(comment: string, file: string, first: number): Acceptance[] {
  return comment.split('\n').flatMap((text, index) => {
    const [begin, target = '', ...rest] = text.split(' ').filter((part) => part !== '' && part !== '*');
    if (begin !== word) return [];
    const [name = '', place] = target.split('@');
    const [dashes, ...reason] = rest;
    return [
      {
        ...{ name, file, line: first + index, column: 1 },
        ...(place !== undefined && { place }),
        reason: dashes === '--' ? reason.join(' ').trim() : '',
      },
    ];
  });
}
