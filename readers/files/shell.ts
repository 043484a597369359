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

/** Reads a shell script, or one command line. */
export function shellReads(text: string): ShellReads {
  const reads: { name: string; at: number; hasDefault: boolean }[] = [];
  const set = new Set<string>();
  const words: string[] = [];
  const walk = (node: SyntaxNode): void => {
    if (node.type === 'SimpleExpansion' || node.type === 'ParameterExpansion') {
      const name = node.type === 'SimpleExpansion' ? node.text.slice(1) : node.parameter;
      const operation = node.type === 'ParameterExpansion' ? node.operation : undefined;
      const hasDefault =
        operation?.type === 'Default' &&
        ['-', ':-', '=', ':='].includes(operation.operator) &&
        operation.operand.text !== '';
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) reads.push({ name, at: node.pos, hasDefault });
    }
    if (node.type === 'Assignment') set.add(node.name);
    if (node.type === 'For' || node.type === 'Select') set.add(node.name.text);
    if (node.type === 'Command') {
      const [command, ...rest] = [node.name, ...node.args].flatMap((word) => (word ? [word.text] : []));
      words.push(...(command === undefined ? [] : [command]), ...rest);
      if (command === 'read') for (const word of rest) set.add(word);
    }
    forEachChild(node, walk);
  };
  walk(parse(text));
  return { reads: reads.filter(({ name }) => !set.has(name)), words };
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
