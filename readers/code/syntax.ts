import {
  visitorKeys,
  type ArrowFunctionExpression,
  type CallExpression,
  type Class,
  type Function as FunctionWithThis,
  type NewExpression,
  type Node,
} from 'oxc-parser';

export type { Node } from 'oxc-parser';

/** A function of the source, in any of its forms. */
export type FunctionNode = ArrowFunctionExpression | FunctionWithThis;

/** A class of the source. */
export type ClassNode = Class;

/** A call, or `new`. */
export type CallNode = CallExpression | NewExpression;
export type ListNode = Extract<Node, { type: 'ArrayExpression' }>;

export type IdentifierNode = Extract<Node, { type: 'Identifier' }>;

/** Keys below which there are types alone: nothing there exists when the program runs. */
const typeKeys = new Set(
  ['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments', 'superTypeArguments', 'implements'].concat([
    'thisParam',
  ]),
);

/** The keys of a kind of node that hold code, by kind. */
const codeKeys = new Map(
  Object.entries(visitorKeys).map(([type, keys]) => [type, keys.filter((key) => !typeKeys.has(key))]),
);

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The nodes directly below one, those of types left out. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of codeKeys.get(node.type) ?? []) {
    const value: unknown = Reflect.get(node, key);
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

/** What a function is given by a call: TypeScript's `this` among its parameters is not. */
export function paramsOf({ params }: FunctionNode): FunctionNode['params'] {
  const [first] = params;
  return first?.type === 'Identifier' && first.name === 'this' ? params.slice(1) : params;
}

export function isFunction(node: Node | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** What is in a node that only says something of it (its type), or waits for it; `undefined` for any other node. */
export function wrapped(node: Node): Node | undefined {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return node.expression;
    case 'AwaitExpression':
      return node.argument;
    default:
      return undefined;
  }
}

/** The expression without its wrappers. */
export function unwrapped(node: Node): Node {
  const inner = wrapped(node);
  return inner ? unwrapped(inner) : node;
}

/** The text of a string as it stands there: a literal, or a template without anything to fill in. */
export function literalText(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** The name of a property as its key says it; `undefined` for one that is computed otherwise than by a plain text. */
export function keyText(key: Node, computed: boolean): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  if (key.type === 'Literal' && typeof key.value === 'number') return String(key.value);
  return literalText(key);
}

/** What an `import(…)` or a `require(…)` names, where that is a plain text. */
export function loadedText(load: Node): string | undefined {
  const [named] =
    load.type === 'ImportExpression' ? [load.source] : load.type === 'CallExpression' ? load.arguments : [];
  return named && literalText(named);
}
