import type { Scopes } from './scopes.ts';
import { isFunction, keyText, paramsOf, type FunctionNode, type Node } from './syntax.ts';

/** What a declared name gets its value from: `path` leads from there to it; `defaults` stand in for what is missing. */
export type BindingSource = { readonly path: readonly string[]; readonly defaults: readonly Node[] } & (
  | { readonly from: 'value'; readonly node: Node | undefined }
  /** Each element of a list (`for … of`). */
  | { readonly from: 'elements'; readonly node: Node }
  /** Each key of an object (`for … in`). */
  | { readonly from: 'keys'; readonly node: Node }
  | { readonly from: 'argument'; readonly of: FunctionNode; readonly index: number; readonly rest: boolean }
);

/** Methods that call what they are given for each element of a list, with the position of the element among its arguments. */
export const listMethods = new Map([
  ...['map', 'forEach', 'filter', 'find', 'findLast', 'findIndex', 'some', 'every', 'flatMap'].map(
    (name) => [name, 0] as const,
  ),
  ['reduce', 1] as const,
  ['reduceRight', 1] as const,
]);

/** Where a declared name's value comes from; `undefined` where no text says so (what a `catch` caught). */
export function bindingSource(identifier: Node, scopes: Scopes): BindingSource | undefined {
  const path: string[] = [];
  const defaults: Node[] = [];
  let rest = false;
  let node = identifier;
  for (let parent = scopes.parent(node); parent; node = parent, parent = scopes.parent(node)) {
    switch (parent.type) {
      case 'AssignmentPattern':
        defaults.push(parent.right);
        break;
      case 'Property': {
        const key = keyText(parent.key, parent.computed);
        if (key === undefined) return undefined;
        path.unshift(key);
        break;
      }
      case 'ArrayPattern':
        path.unshift(String(parent.elements.findIndex((element) => element === node)));
        break;
      case 'ObjectPattern':
      case 'TSParameterProperty':
        break;
      case 'RestElement':
        rest = isFunction(scopes.parent(parent));
        break;
      case 'VariableDeclarator': {
        const loop = scopes.parent(scopes.parent(parent) ?? parent);
        if (loop?.type === 'ForOfStatement' && loop.left === scopes.parent(parent))
          return { from: 'elements', node: loop.right, path, defaults };
        if (loop?.type === 'ForInStatement' && loop.left === scopes.parent(parent))
          return { from: 'keys', node: loop.right, path, defaults };
        return { from: 'value', node: parent.init ?? undefined, path, defaults };
      }
      default: {
        if (!isFunction(parent)) return undefined;
        const index = paramsOf(parent).findIndex((param) => param === node);
        return index === -1 ? undefined : { from: 'argument', of: parent, index, rest, path, defaults };
      }
    }
  }
  return undefined;
}
