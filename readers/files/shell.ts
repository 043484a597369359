import { forEachChild, parse, type SyntaxNode } from 'unbash';

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
