import type { Place, Stack } from './calls.ts';
import type { Module } from './module.ts';
import { keyText, unwrapped, type CallNode, type Node } from './syntax.ts';
import type { Value, Values } from './values.ts';

interface Where {
  readonly module: Module;
  readonly stack: Stack;
  readonly values: Values;
}

/** One name of a schema, with the call that gives it a default. */
export interface SchemaKey extends Place {
  readonly name: string;
  readonly preset: Node | undefined;
}

/** Methods by which a schema checks an object. */
const checks = new Set(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'validate', 'validateSync']);

/**
 * The names that a call takes out of an environment by a schema: `schema.parse(process.env)` with an object of zod's or
 * its like, or an object of names beside it (`cleanEnv(process.env, { NAME: str() })`, `createEnv({ server: …, runtimeEnv })`).
 * `undefined` where there is no schema in sight.
 */
export function schemaKeys(
  call: CallNode,
  index: number,
  path: readonly string[],
  where: Where,
): SchemaKey[] | undefined {
  const { callee } = call;
  if (callee.type === 'MemberExpression' && checks.has(keyText(callee.property, callee.computed) ?? '')) {
    const keys = shape(callee.object, where);
    if (keys) return keys;
    const other = call.arguments.flatMap((argument, at) => (at === index ? [] : (shape(argument, where) ?? [])));
    return other.length > 0 ? other : undefined;
  }
  const others = call.arguments.filter((_, at) => (path.length > 0 ? at === index : at !== index));
  const found = others.flatMap((argument) => {
    const objects = where.values.of(argument, where.module, where.stack).filter((value) => value.is === 'object');
    return objects.flatMap((value) => {
      const names = checkedKeysOf(value, where);
      if (path.length === 0) return names.every(({ name }) => isUpper(name)) ? names : [];
      return value.node.properties.flatMap((property) => {
        // What stands beside the environment in the object that has it is given, not asked for: a child's own environment.
        if (property.type !== 'Property' || keyText(property.key, property.computed) === path[0]) return [];
        const inner = where.values.of(property.value, value.module, value.stack).filter(({ is }) => is === 'object');
        return inner
          .flatMap((each) => (each.is === 'object' ? checkedKeysOf(each, where) : []))
          .filter(({ name }) => isUpper(name));
      });
    });
  });
  return found.length > 0 ? found : undefined;
}

/** Methods and functions that make one schema of others. */
const combining = new Set(
  ['merge', 'and', 'or', 'pipe', 'concat', 'union', 'intersection', 'intersect', 'preprocess'].concat([
    'discriminatedUnion',
    'variant',
    'strip',
  ]),
);

/** The names of a schema's object: `z.object({…})`, what was added to it since, and what it is put together of. */
function shape(node: Node, where: Where, depth = 0): SchemaKey[] | undefined {
  if (depth > 8) return undefined;
  const { node: schema, ...there } = where.values.origin(node, where.module, where.stack);
  if (schema.type !== 'CallExpression') return undefined;
  const at = { ...where, ...there };
  const { callee } = schema;
  const method = callee.type === 'MemberExpression' ? keyText(callee.property, callee.computed) : undefined;
  const before = callee.type === 'MemberExpression' ? shape(callee.object, at, depth + 1) : undefined;
  const own = schema.arguments.flatMap((argument) =>
    at.values
      .of(argument, at.module, at.stack)
      .flatMap((value) => (value.is === 'object' ? keysOf(value, at, depth) : []))
      .filter(({ name }) => isUpper(name)),
  );
  const names = new Set(own.map(({ name }) => name));
  if (before && method === 'pick') return before.filter(({ name }) => names.has(name));
  if (before && method === 'omit') return before.filter(({ name }) => !names.has(name));
  const parts = combining.has(method ?? '')
    ? schema.arguments
        .flatMap((argument) => (argument.type === 'ArrayExpression' ? argument.elements : [argument]))
        .flatMap((part) => (part ? (shape(part, at, depth + 1) ?? []) : []))
    : [];
  return own.length > 0 || parts.length > 0 || before ? [...(before ?? []), ...own, ...parts] : undefined;
}

/** Where a schema keeps its object, to be spread into another one's. */
const kept = new Set(['shape', 'entries', 'fields']);

function keysOf(value: Extract<Value, { is: 'object' }>, where: Where, depth = 0): SchemaKey[] {
  return value.node.properties.flatMap((property) => {
    if (property.type === 'SpreadElement') {
      const at = { ...where, module: value.module, stack: value.stack };
      const spread = unwrapped(property.argument);
      if (spread.type === 'MemberExpression' && kept.has(keyText(spread.property, spread.computed) ?? ''))
        return shape(spread.object, at, depth + 1) ?? [];
      return at.values
        .of(spread, at.module, at.stack)
        .flatMap((other) => (other.is === 'object' && depth < 8 ? keysOf(other, at, depth + 1) : []));
    }
    const name = keyText(property.key, property.computed);
    if (name === undefined) return [];
    return [{ name, node: property, module: value.module, preset: preset(property.value) }];
  });
}

/** The names that something is to check: beside each stands a check, which is no plain value. */
function checkedKeysOf(value: Extract<Value, { is: 'object' }>, where: Where): SchemaKey[] {
  return keysOf(value, where).filter(({ node }) => node.type === 'Property' && isCheck(unwrapped(node.value)));
}

function isCheck({ type }: Node): boolean {
  return type === 'CallExpression' || type === 'Identifier' || type === 'MemberExpression';
}

/** What `.default(…)` or `.catch(…)` of a schema gives where nothing is set. */
function preset(node: Node): Node | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const [first] = node.arguments;
  if (node.callee.type !== 'MemberExpression') {
    const options = first?.type === 'ObjectExpression' ? first.properties : [];
    for (const property of options)
      if (property.type === 'Property' && keyText(property.key, property.computed) === 'default') return property.value;
    return undefined;
  }
  const method = keyText(node.callee.property, node.callee.computed);
  return method === 'default' || method === 'catch' ? first : preset(node.callee.object);
}

function isUpper(name: string): boolean {
  return name === name.toUpperCase();
}
