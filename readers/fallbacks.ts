import type { Place } from './code/calls.ts';
import type { Module } from './code/module.ts';
import type { CodeRead } from './code/reads.ts';
import type { Node } from './code/syntax.ts';
import { unwrapped } from './code/syntax.ts';
import type { Values } from './code/values.ts';

/** All reads, by the module that names the value. */
export class ReadsByModule {
  readonly #by = new Map<Module, CodeRead[]>();

  constructor(reads: readonly CodeRead[]) {
    for (const read of reads) {
      const list = this.#by.get(read.module);
      if (list) list.push(read);
      else this.#by.set(read.module, [read]);
    }
  }

  of(module: Module): readonly CodeRead[] {
    return this.#by.get(module) ?? [];
  }
}

/** The other names of which one is taken where this read's is missing, or this where they are. */
export function aliasesOf(read: CodeRead, reads: ReadsByModule): string[] {
  const inOthers = read.fate.others.flatMap((other) => reads.of(other.module).filter((each) => isWithin(each, other)));
  const inTurn = read.fate.first
    ? reads
        .of(read.module)
        .filter((each) => each.fate.first && each.node === read.node && each.site.node === read.site.node)
    : [];
  const names = new Set([...inOthers, ...inTurn].map(({ name }) => name));
  names.delete(read.name);
  return [...names].sort();
}

/** Whether something else than a read stands in for a missing value. */
export function hasDefault({ fate }: CodeRead, reads: ReadsByModule, values: Values): boolean {
  return fate.others.some((other) =>
    operands(other.node).some((node) => {
      if (reads.of(other.module).some((each) => isWithin(each, { ...other, node }))) return false;
      return values.of(node, other.module, other.stack).some((value) => {
        if (value.is === 'text') return value.text !== '';
        if (value.is === 'unknown') return isSomething(node);
        return value.is !== 'nothing' && value.is !== 'given';
      });
    }),
  );
}

/** Each operand of a chain of `??` and `||`. */
function operands(node: Node): Node[] {
  const inner = unwrapped(node);
  return inner.type === 'LogicalExpression' ? [...operands(inner.left), ...operands(inner.right)] : [inner];
}

/** Whether an expression that no text explains is a value: a number, an object, what another one's function answers. */
function isSomething(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value !== false) ||
    node.type === 'TemplateLiteral' ||
    node.type === 'CallExpression'
  );
}

function isWithin(read: CodeRead, { module, node }: Place): boolean {
  return read.module === module && read.node.start >= node.start && read.node.end <= node.end;
}
