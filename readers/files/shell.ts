import { parse as parseJsonc } from 'jsonc-parser';
import { z } from 'zod';
import { forEachChild, parse, type SyntaxNode } from 'unbash';
import type { Reader } from '../readers.ts';

/** What a shell script reads and runs. */
export interface ShellReads {
  /** Variables that it reads and does not set itself, with their offsets. */
  readonly reads: readonly { readonly name: string; readonly at: number; readonly hasDefault: boolean }[];
  /** Words of its commands as they stand there: among them may be files that it runs. */
  readonly words: readonly string[];
}

/** What bash sets itself. */
const bashOwn = new Set(
  `RANDOM SRANDOM SECONDS EPOCHSECONDS EPOCHREALTIME LINENO UID EUID PPID IFS REPLY OPTARG OPTIND OPTERR FUNCNAME PIPESTATUS
  DIRSTACK GROUPS HOSTTYPE MACHTYPE OSTYPE OLDPWD SHELLOPTS SHLVL MAPFILE COPROC`.split(/\s+/),
);

/** Commands that set the names that they are given. */
const setting = new Set(['read', 'local', 'declare', 'typeset', 'mapfile', 'readarray', 'getopts', 'let']);

/** Operators of arithmetic that set what stands to their left. */
const assigning = new Set(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '^=', '|=']);

/** Reads a shell script, or one command line. */
export function shellReads(text: string): ShellReads {
  const reads: { name: string; at: number; hasDefault: boolean }[] = [];
  const set = new Map<string, { readonly pos: number; readonly end: number }>();
  const words: string[] = [];
  const sets = (name: string, { pos, end }: { readonly pos: number; readonly end: number }) => {
    const known = set.get(name);
    if (!known || pos < known.pos) set.set(name, { pos, end });
  };
  const read = (name: string, at: number, hasDefault = false) => {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) reads.push({ name, at, hasDefault });
  };
  const walk = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'SimpleExpansion':
        read(node.text.slice(1), node.pos);
        break;
      case 'ParameterExpansion': {
        const { operation } = node;
        const hasDefault =
          operation?.type === 'Default' &&
          ['-', ':-', '=', ':='].includes(operation.operator) &&
          operation.operand.text !== '';
        read(node.parameter, node.pos, hasDefault);
        break;
      }
      case 'ArithmeticWord':
        read(node.value, node.pos);
        break;
      case 'ArithmeticBinary':
        if (assigning.has(node.operator) && node.left.type === 'ArithmeticWord') sets(node.left.value, node);
        break;
      case 'ArithmeticUnary':
        if (node.operator.length === 2 && node.operand.type === 'ArithmeticWord') sets(node.operand.value, node);
        break;
      case 'Assignment':
        sets(node.name, node);
        break;
      case 'For':
      case 'Select':
        sets(node.name.text, node);
        break;
      case 'Command': {
        const [command = '', ...rest] = [node.name, ...node.args].flatMap((word) => (word ? [word.text] : []));
        words.push(...(command === '' ? [] : [command]), ...rest);
        // `local a=b` is an assignment of its own.
        const named = setting.has(command) ? rest.filter((word) => command === 'let' || !word.includes('=')) : [];
        const given = command === 'printf' && rest[0] === '-v' ? rest.slice(1, 2) : named;
        for (const word of given) sets(word.replace(/\W.*$/s, ''), node);
        break;
      }
      default:
    }
    forEachChild(node, walk);
  };
  walk(parse(text));
  return {
    reads: reads.filter(({ name, at }) => {
      if (bashOwn.has(name) || name.startsWith('BASH')) return false;
      const first = set.get(name);
      // `A=${A:-x}`: what sets it first takes what it was before.
      return first === undefined || (at > first.pos && at < first.end && isAssigned(text, name, first));
    }),
    words,
  };
}

/** Whether what sets a name is `NAME=…`. */
function isAssigned(text: string, name: string, { pos, end }: { readonly pos: number; readonly end: number }): boolean {
  return text.slice(pos, end).startsWith(`${name}=`);
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/** The command lines of a package.json, with the line that each stands on. */
export function scriptLines(text: string): { readonly command: string; readonly line: number }[] {
  const content: unknown = parseJsonc(text);
  const scripts = Object.entries(manifest.safeParse(content).data?.scripts ?? {});
  const lines = text.split('\n');
  return scripts.map(([name, command]) => ({
    command,
    line:
      lines.findIndex((line) => line.includes(JSON.stringify(name)) && line.includes(JSON.stringify(command))) + 1 || 1,
  }));
}

/** Who reads what in a shell script, or in the command lines of a package.json. */
export function shellReaders(file: string, text: string): Reader[] {
  const parts = file.endsWith('.json') ? scriptLines(text) : [{ command: text, line: 1 }];
  return parts.flatMap(({ command, line }) =>
    shellReads(command).reads.map(({ name, at, hasDefault }): Reader => {
      const before = command.slice(0, at).split('\n');
      return {
        ...{ name, place: 'script', means: 'shell', file, line: line + before.length - 1 },
        column: (before.at(-1) ?? '').length + 1,
        ...(hasDefault && { fallback: 'default' }),
      };
    }),
  );
}

/** Whether a file is a shell script. */
export function isShell(file: string): boolean {
  return file.endsWith('.sh') || file.endsWith('.bash');
}
