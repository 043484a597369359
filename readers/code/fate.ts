import type { Call, Place, Stack } from './calls.ts';
import type { Flow } from './flow.ts';
import type { Module } from './module.ts';
import { isFunction, keyText, paramsOf, unwrapped, wrapped, type FunctionNode, type Node } from './syntax.ts';
import type { Values } from './values.ts';

/** What becomes of a value that was read. */
export interface Fate {
  /** What stands in for it where it is missing, or it for: the other operands of `??` and `||`, other returns. */
  readonly others: readonly (Place & { readonly stack: Stack })[];
  /** The first of several names that is set is taken: each hides that another is missing. */
  readonly first: boolean;
}

interface Around {
  readonly values: Values;
  readonly flow: Flow;
  /** A default that stands where the value is taken. */
  readonly preset?: Node | undefined;
}

/** Follows the value of a site upwards, out of the helpers of `stack`. */
export function fateOf(site: Place, stack: Stack, { values, flow, preset }: Around): Fate {
  const walk = new Walk(values, flow);
  if (preset) walk.others.push({ node: preset, module: site.module, stack });
  if (site.node.type !== 'Property') walk.up(site.node, site.module, stack, 0);
  return walk;
}

/** Calls whose answer is as good as what they were given. */
const plainCalls = new Set(['String', 'Number', 'Boolean', 'parseInt', 'parseFloat']);

class Walk implements Fate {
  readonly others: (Place & { readonly stack: Stack })[] = [];
  first = false;
  readonly #values: Values;
  readonly #flow: Flow;
  readonly #seen = new Set<Node>();

  constructor(values: Values, flow: Flow) {
    this.#values = values;
    this.#flow = flow;
  }

  up(node: Node, module: Module, stack: Stack, depth: number): void {
    if (this.#seen.has(node) || depth > 24) return;
    this.#seen.add(node);
    const parent = module.scopes.parent(node);
    if (!parent) return;
    const on = (next: Node) => this.up(next, module, stack, depth + 1);
    if (wrapped(parent)) {
      on(parent);
      return;
    }
    switch (parent.type) {
      case 'LogicalExpression':
        if (parent.operator === '&&') {
          if (parent.right === node) on(parent);
          return;
        }
        this.others.push({ node: parent.left === node ? parent.right : parent.left, module, stack });
        on(parent);
        return;
      case 'ConditionalExpression':
        if (parent.test !== node) on(parent);
        else if (holds(parent.consequent, node, module)) this.others.push({ node: parent.alternate, module, stack });
        return;
      case 'AssignmentExpression':
        if (parent.left === node) {
          if (parent.operator === '??=' || parent.operator === '||=')
            this.others.push({ node: parent.right, module, stack });
        } else if (parent.left.type === 'Identifier') this.#binding(parent.left, module, stack, depth);
        return;
      case 'VariableDeclarator':
        if (parent.init === node && parent.id.type === 'Identifier') this.#binding(parent.id, module, stack, depth);
        return;
      case 'MemberExpression': {
        // A method of the text itself: `.trim()`
        const call = module.scopes.parent(parent);
        const outer = call && wrapped(call) ? module.scopes.parent(call) : call;
        if (parent.object !== node || parent.computed) return;
        if (outer?.type === 'CallExpression' && unwrapped(outer.callee) === parent) on(outer);
        return;
      }
      case 'CallExpression':
        if (parent.callee !== node) this.#given(parent, node, module, stack, depth);
        return;
      case 'ReturnStatement': {
        const around = module.scopes.functionAround(parent);
        if (!around) return;
        if (isInLoop(parent, around, module)) this.first = true;
        this.#returned(around, node, module, stack, depth);
        return;
      }
      case 'ArrowFunctionExpression':
        if (parent.body === node) this.#returned(parent, node, module, stack, depth);
        return;
      default:
    }
  }

  #binding(identifier: Node, module: Module, stack: Stack, depth: number): void {
    const binding = module.scopes.bindingOf(identifier);
    if (binding) for (const use of module.scopes.uses(binding)) this.up(use, module, stack, depth + 1);
  }

  /** It is an argument: what the function makes of it, and what comes back. */
  #given(
    call: Extract<Node, { type: 'CallExpression' }>,
    node: Node,
    module: Module,
    stack: Stack,
    depth: number,
  ): void {
    const { callee } = call;
    if (callee.type === 'Identifier' && plainCalls.has(callee.name)) {
      this.up(call, module, stack, depth + 1);
      return;
    }
    const index = call.arguments.findIndex((argument) => argument === node);
    const made: Call = { node: call, module, given: call.arguments };
    for (const value of this.#values.of(callee, module, stack)) {
      if (value.is !== 'function' || stack.some(({ of }) => of === value.node)) continue;
      const param = paramsOf(value.node)[index];
      const named = param?.type === 'AssignmentPattern' ? param.left : param;
      if (param?.type === 'AssignmentPattern') this.others.push({ node: param.right, module: value.module, stack });
      if (named?.type === 'Identifier')
        this.#binding(named, value.module, [{ of: value.node, call: made }, ...stack], depth + 1);
    }
  }

  #returned(from: FunctionNode, node: Node, module: Module, stack: Stack, depth: number): void {
    const parent = module.scopes.parent(from);
    if (parent?.type === 'CallExpression' && parent.callee.type === 'MemberExpression') {
      const method = keyText(parent.callee.property, parent.callee.computed);
      if (method === 'find' || method === 'some' || method === 'findLast') this.first = true;
      return;
    }
    for (const other of module.scopes.returned(from))
      if (other !== node && !holds(other, node, module)) this.others.push({ node: other, module, stack });
    const [frame, ...outer] = stack;
    if (frame?.of === from) {
      if (frame.call.each !== true) this.up(frame.call.node, frame.call.module, outer, depth + 1);
    } else if (stack.length === 0 && depth < 16)
      for (const call of this.#flow.calls(from, module).slice(0, 50))
        if (call.each !== true) this.up(call.node, call.module, [], depth + 1);
  }
}

/** Whether an expression says the same as `node`, or has it in it: `value ? value.trim() : 'x'`. */
function holds(expression: Node, node: Node, module: Module): boolean {
  const text = module.text.slice(node.start, node.end);
  return module.text.slice(expression.start, expression.end).includes(text);
}

function isInLoop(node: Node, within: FunctionNode, module: Module): boolean {
  for (let up = module.scopes.parent(node); up && up !== within && !isFunction(up); up = module.scopes.parent(up))
    if (up.type === 'ForOfStatement' || up.type === 'ForStatement') return true;
  return false;
}
