import { deepest, type Call, type Stack } from './calls.ts';
import type { Module } from './module.ts';
import { listMethods } from './patterns.ts';
import type { Project } from './project.ts';
import type { Binding } from './scopes.ts';
import {
  isClass,
  isFunction,
  keyText,
  paramsOf,
  wrapped,
  type ClassNode,
  type FunctionNode,
  type ListNode,
  type Node,
} from './syntax.ts';
import type { Values } from './values.ts';

/** One way in which a followed value is used. */
export type Use = { readonly node: Node; readonly module: Module; readonly stack: Stack } &
  /** `value.key`, `value[key]`: `key` is the plain name, or the expression of it. */
  (
    | { readonly is: 'member'; readonly key: string | Node }
    /** `const { key: node } = value`. */
    | { readonly is: 'taken'; readonly key: string | Node }
    /** `key in value`. */
    | { readonly is: 'asked'; readonly key: Node }
    /** The value is called. */
    | { readonly is: 'called'; readonly call: Call }
    /** It goes to a function that is not the application's own, as its argument number `index`, at `path` of it. */
    | {
        readonly is: 'handed';
        readonly call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;
        readonly index: number;
        readonly path: readonly string[];
      }
    /** It is one side of an operator: a comparison, or `+`. */
    | { readonly is: 'operand'; readonly operand: Node }
    /** It is an element of a list that is written there. */
    | { readonly is: 'listed'; readonly list: ListNode; readonly index: number }
    /** It goes where it is not followed: a loop over its names, a computed key, an object that is not the application's own. */
    | { readonly is: 'lost' }
  );

type Listener = (use: Use) => void;

/** What is followed: a value that stands at `path` of whatever the current node is. */
interface Trail {
  readonly path: readonly string[];
  readonly module: Module;
  readonly stack: Stack;
  readonly listener: Listener;
  readonly seen: Map<Node, Set<string>>;
}

/** Follows a value forwards: from where it is made to every place that uses it, across functions, objects and modules. */
export class Flow {
  readonly #project: Project;
  readonly #values: Values;
  readonly #calls = new Map<FunctionNode, readonly Call[]>();

  constructor(project: Project, values: Values) {
    this.#project = project;
    this.#values = values;
  }

  /** Every use of the value that an expression has. */
  uses(node: Node, module: Module, stack: Stack, listener: Listener, path: readonly string[] = []): void {
    this.#expression(node, { path, module, stack, listener, seen: new Map() });
  }

  /** Every use of the value that a pattern takes: `const { NAME: pattern } = …`. */
  named(pattern: Node, module: Module, stack: Stack, listener: Listener): void {
    this.#pattern(pattern, { path: [], module, stack, listener, seen: new Map() });
  }

  /** Every call of a function of the application's. */
  calls(of: FunctionNode, module: Module): readonly Call[] {
    const known = this.#calls.get(of);
    if (known) return known;
    const found: Call[] = [];
    this.#calls.set(of, found); // one that calls itself is known from its other callers
    const listener = (use: Use) => {
      if (use.is === 'called') found.push(use.call);
    };
    this.#function(of, { path: [], module, stack: [], listener, seen: new Map() });
    return found;
  }

  /** Whether a function goes where nobody can follow it: it may be called there with anything. */
  isHandedOn(of: FunctionNode, module: Module): boolean {
    let isHanded = false;
    const listener = ({ is }: Use) => {
      isHanded ||= is === 'handed' || is === 'lost';
    };
    this.#function(of, { path: [], module, stack: [], listener, seen: new Map() });
    return isHanded;
  }

  #function(of: FunctionNode, trail: Trail): void {
    const { scopes } = trail.module;
    const around = scopes.parent(of);
    if (around?.type === 'MethodDefinition' && around.kind === 'constructor') {
      const owner = classAround(of, trail.module);
      if (owner) this.#made(owner, trail);
      return;
    }
    if (of.type === 'FunctionDeclaration') {
      const binding = of.id ? scopes.bindingOf(of.id) : undefined;
      if (binding) this.#binding(binding, trail);
      const parent = scopes.parent(of);
      if (parent?.type === 'ExportDefaultDeclaration') this.#given('default', trail);
      return;
    }
    this.#expression(of, trail);
  }

  /** Whether this very step was made before: by the same calls, with the same rest of the path. */
  #repeated(node: Node, { path, stack, seen }: Trail): boolean {
    const key = [...path, ...stack.map(({ call }) => `${call.module.file}:${call.node.start}`)].join('\0');
    const keys = seen.get(node) ?? new Set();
    if (keys.has(key)) return true;
    seen.set(node, keys.add(key));
    return false;
  }

  #expression(node: Node, trail: Trail): void {
    if (this.#repeated(node, trail)) return;
    const { module, stack, listener, path } = trail;
    const parent = module.scopes.parent(node);
    if (!parent) return;
    if (wrapped(parent)) {
      this.#expression(parent, trail);
      return;
    }
    switch (parent.type) {
      case 'LogicalExpression':
        this.#expression(parent, trail);
        return;
      case 'ConditionalExpression':
        if (parent.test !== node) this.#expression(parent, trail);
        return;
      case 'SequenceExpression':
        if (parent.expressions.at(-1) === node) this.#expression(parent, trail);
        return;
      case 'VariableDeclarator':
        if (parent.init === node) this.#pattern(parent.id, trail);
        return;
      case 'AssignmentPattern':
        if (parent.right === node) this.#pattern(ownerOf(parent, module), trail);
        return;
      case 'AssignmentExpression':
        if (parent.right !== node) return;
        this.#assigned(parent.left, trail);
        this.#expression(parent, trail);
        return;
      case 'MemberExpression':
        if (parent.object === node) this.#member(parent, trail);
        return;
      case 'BinaryExpression':
        if (path.length > 0) return;
        if (parent.operator !== 'in') listener({ is: 'operand', operand: node, node: parent, module, stack });
        else if (parent.right === node) listener({ is: 'asked', key: parent.left, node: parent, module, stack });
        return;
      case 'CallExpression':
      case 'NewExpression':
        if (parent.callee === node) this.#called(parent, trail);
        else this.#argument(parent, node, trail);
        return;
      case 'SpreadElement': {
        const around = module.scopes.parent(parent);
        if (around?.type === 'ObjectExpression') this.#expression(around, trail);
        return;
      }
      case 'Property': {
        const key = keyText(parent.key, parent.computed);
        const around = module.scopes.parent(parent);
        if (key !== undefined && parent.value === node && around?.type === 'ObjectExpression' && path.length < 4)
          this.#expression(around, { ...trail, path: [key, ...path] });
        return;
      }
      case 'ArrayExpression': {
        const index = parent.elements.findIndex((each) => each === node);
        if (path.length === 0) listener({ is: 'listed', list: parent, index, node, module, stack });
        if (path.length < 4) this.#expression(parent, { ...trail, path: [String(index), ...path] });
        return;
      }
      case 'PropertyDefinition':
      case 'MethodDefinition': {
        const key = keyText(parent.key, parent.computed);
        const owner = module.scopes.parent(module.scopes.parent(parent) ?? parent);
        if (key !== undefined && parent.value === node && isClass(owner))
          this.#class(owner, parent.static, { ...trail, path: [key, ...path] });
        return;
      }
      case 'ReturnStatement': {
        const around = module.scopes.functionAround(parent);
        if (around) this.#returned(around, trail);
        return;
      }
      case 'ArrowFunctionExpression':
        if (parent.body === node) this.#returned(parent, trail);
        return;
      case 'ExportDefaultDeclaration':
        this.#given('default', trail);
        return;
      default:
        if (!ends.has(parent.type)) listener({ is: 'lost', node, module, stack });
    }
  }

  #member(member: Extract<Node, { type: 'MemberExpression' }>, trail: Trail): void {
    const { path, module, stack, listener } = trail;
    const plain = keyText(member.property, member.computed);
    const [next, ...rest] = path;
    if (next === undefined && this.#byMethod(member, plain, trail)) return;
    if (next === undefined) listener({ is: 'member', key: plain ?? member.property, node: member, module, stack });
    else if (plain === next) this.#expression(member, { ...trail, path: rest });
    else if (plain === undefined) listener({ is: 'lost', node: member, module, stack });
  }

  /** A function that is called by `call`, `apply` or `bind`. Whether this is one of these. */
  #byMethod(member: Node, method: string | undefined, trail: Trail): boolean {
    const { module, stack, listener } = trail;
    const call = module.scopes.parent(member);
    if (call?.type !== 'CallExpression' || call.callee !== member) return false;
    if (method !== 'call' && method !== 'apply' && method !== 'bind') return false;
    const [, list] = call.arguments;
    const given =
      method === 'apply'
        ? list?.type === 'ArrayExpression'
          ? list.elements.flatMap((each) => each ?? [])
          : []
        : call.arguments.slice(1);
    if (method === 'bind' && given.length === 0) this.#expression(call, trail);
    else listener({ is: 'called', call: { node: call, module, given }, node: call, module, stack });
    return true;
  }

  /** The declared names of a pattern that the value is taken apart by. */
  #pattern(pattern: Node, trail: Trail): void {
    const { path, module, stack, listener } = trail;
    const [next, ...rest] = path;
    switch (pattern.type) {
      case 'Identifier': {
        const binding = module.scopes.bindingOf(pattern);
        if (binding) this.#binding(binding, trail);
        return;
      }
      case 'AssignmentPattern':
        this.#pattern(pattern.left, trail);
        return;
      case 'TSParameterProperty': {
        this.#pattern(pattern.parameter, trail);
        const named = pattern.parameter.type === 'AssignmentPattern' ? pattern.parameter.left : pattern.parameter;
        const owner = classAround(pattern, module);
        if (named.type === 'Identifier' && owner) this.#class(owner, false, { ...trail, path: [named.name, ...path] });
        return;
      }
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            this.#pattern(property.argument, trail);
            continue;
          }
          const key = keyText(property.key, property.computed);
          if (next === undefined)
            listener({ is: 'taken', key: key ?? property.key, node: property.value, module, stack });
          else if (key === next) this.#pattern(property.value, { ...trail, path: rest });
        }
        return;
      case 'ArrayPattern': {
        const element = next === undefined ? undefined : pattern.elements[Number(next)];
        if (element) this.#pattern(element, { ...trail, path: rest });
        return;
      }
      default:
    }
  }

  #assigned(target: Node, trail: Trail): void {
    const { path, module, stack, listener } = trail;
    if (target.type !== 'MemberExpression') {
      this.#pattern(target, trail);
      return;
    }
    const key = keyText(target.property, target.computed);
    if (key === undefined) {
      listener({ is: 'lost', node: target, module, stack });
      return;
    }
    const { object } = target;
    if (object.type === 'ThisExpression') {
      const owner = classAround(target, module);
      if (owner) this.#class(owner, false, { ...trail, path: [key, ...path] });
    } else if (object.type === 'Identifier' && module.scopes.bindingOf(object) === undefined) {
      // CommonJS: `exports.name = …`, `module.exports = …`
      if (object.name === 'exports') this.#given(key, trail);
      else if (object.name === 'module' && key === 'exports') this.#wholeModule(trail);
    } else if (object.type === 'Identifier') {
      const binding = module.scopes.bindingOf(object);
      if (binding) this.#binding(binding, { ...trail, path: [key, ...path] });
    } else if (object.type === 'MemberExpression' && keyText(object.property, object.computed) === 'exports') {
      this.#given(key, trail);
    }
  }

  #binding(binding: Binding, trail: Trail): void {
    const { module } = trail;
    for (const use of module.scopes.uses(binding)) {
      const parent = module.scopes.parent(use);
      if (parent?.type === 'ExportSpecifier') continue; // below, with every other export
      if (isClass(parent) && parent.superClass === use) {
        for (const above of module.scopes.supersIn(parent)) this.#expression(above, trail);
        this.#made(parent, trail); // what stands at a class stands at those below it
        continue;
      }
      this.#expression(use, trail);
    }
    const space = namespaceOf(binding, module);
    if (space) this.#binding(space, { ...trail, path: [binding.name, ...trail.path] });
    if (module.scopes.top(binding.name) !== binding) return;
    for (const { as, local } of module.outline.exports) if (local === binding.name) this.#given(as, trail);
  }

  /** A class itself: wherever that goes, and where the classes below it call it. */
  #made(owner: ClassNode, trail: Trail): void {
    const { scopes } = trail.module;
    const binding = owner.id ? scopes.bindingOf(owner.id) : undefined;
    if (binding) this.#binding(binding, trail);
    if (owner.type === 'ClassExpression') this.#expression(owner, trail);
    else if (scopes.parent(owner)?.type === 'ExportDefaultDeclaration') this.#given('default', trail);
  }

  /** A value at `path` of what a class makes (or of the class itself): wherever that goes. */
  #class(owner: ClassNode, isStatic: boolean, trail: Trail): void {
    if (this.#repeated(owner, trail)) return;
    const { module } = trail;
    for (const self of module.scopes.thisIn(owner)) this.#expression(self, trail);
    const made = (use: Use) => {
      if (use.is === 'called' && use.call.node.type === 'NewExpression')
        this.#expression(use.call.node, { ...trail, module: use.call.module, stack: use.stack });
    };
    const ways: Trail = isStatic ? trail : { ...trail, path: [], listener: made, seen: new Map() };
    this.#made(owner, ways);
    const binding = owner.id ? module.scopes.bindingOf(owner.id) : undefined;
    if (isStatic || !binding) return;
    for (const use of module.scopes.uses(binding)) {
      const parent = module.scopes.parent(use);
      if (!isClass(parent) || parent.superClass !== use) continue;
      this.#class(parent, false, trail);
      for (const above of module.scopes.supersIn(parent)) this.#expression(above, trail);
    }
  }

  /** A function returns the value: wherever it is called. */
  #returned(from: FunctionNode, trail: Trail): void {
    const { module, stack } = trail;
    const [frame, ...outer] = stack;
    if (frame?.of === from) {
      this.#expression(frame.call.node, { ...trail, module: frame.call.module, stack: outer });
      return;
    }
    for (const call of this.calls(from, module))
      if (call.each !== true) this.#expression(call.node, { ...trail, module: call.module, stack: [] });
  }

  /** The module gives the value away under a name: wherever others take it. */
  #given(name: string, trail: Trail): void {
    const { module, path } = trail;
    for (const { by, name: taken, local, as } of this.#project.takings(module)) {
      const whole = taken === '*';
      if (!whole && taken !== name) continue;
      const inner = { ...trail, module: by };
      if (local !== undefined) {
        const binding = by.scopes.top(local);
        if (binding) this.#binding(binding, whole ? { ...inner, path: [name, ...path] } : inner);
      } else if (as === '*') {
        if (name !== 'default') this.#handedOn(name, inner);
      } else if (as !== undefined) this.#handedOn(as, whole ? { ...inner, path: [name, ...path] } : inner);
    }
    for (const { by, load } of this.#project.loads(module))
      this.#expression(load, { ...trail, module: by, path: [name, ...path] });
  }

  #handedOn(name: string, trail: Trail): void {
    if (this.#repeated(trail.module.program, { ...trail, path: [name, ...trail.path] })) return;
    this.#given(name, trail);
  }

  /** `module.exports = value` */
  #wholeModule(trail: Trail): void {
    const { module, path } = trail;
    const [name] = path;
    for (const { by, load } of this.#project.loads(module)) this.#expression(load, { ...trail, module: by });
    for (const { by, name: taken, local } of this.#project.takings(module)) {
      const binding = local === undefined ? undefined : by.scopes.top(local);
      if (!binding) continue;
      if (taken === '*' || taken === 'default') this.#binding(binding, { ...trail, module: by });
      else if (taken === name) this.#binding(binding, { ...trail, module: by, path: path.slice(1) });
    }
  }

  #called(call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, trail: Trail): void {
    const { path, module, stack, listener } = trail;
    if (path.length > 0) return;
    listener({ is: 'called', call: { node: call, module, given: call.arguments }, node: call, module, stack });
  }

  #argument(call: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, node: Node, trail: Trail): void {
    const { path, module, stack, listener } = trail;
    const index = call.arguments.findIndex((argument) => argument === node);
    const method =
      call.callee.type === 'MemberExpression' ? keyText(call.callee.property, call.callee.computed) : undefined;
    if (
      call.callee.type === 'MemberExpression' &&
      index === 0 &&
      path.length === 0 &&
      listMethods.get(method ?? '') === 0
    ) {
      const each: Call = { node: call, module, given: [call.callee.object], each: true };
      listener({ is: 'called', call: each, node: call, module, stack });
      return;
    }
    if (isTransparent(call)) {
      this.#expression(call, trail);
      // `Object.assign(kept, value)` gives it to the first one, too.
      if (index === 0 || call.arguments[0]?.type === 'ObjectExpression') return;
    }
    const entered = stack.length < deepest ? this.#values.of(call.callee, module, stack) : [];
    let isOwn = false;
    for (const value of entered) {
      const of = value.is === 'function' ? value.node : value.is === 'class' ? constructorOf(value.node) : undefined;
      if (!of || !('module' in value)) continue;
      isOwn = true;
      if (stack.some((frame) => frame.of === of)) continue;
      const param = paramsOf(of)[index];
      const frame = { of, call: { node: call, module, given: call.arguments } };
      if (param && param.type !== 'RestElement')
        this.#pattern(param, { ...trail, module: value.module, stack: [frame, ...stack] });
    }
    if (!isOwn) listener({ is: 'handed', call, index, path, node: call, module, stack });
  }
}

/** Where a value ends: nothing of it is kept or handed on. */
const ends: ReadonlySet<Node['type']> = new Set([
  ...(['ExpressionStatement', 'IfStatement', 'WhileStatement', 'DoWhileStatement', 'UnaryExpression'] as const),
  ...(['BinaryExpression', 'TSTypeQuery', 'ExportSpecifier', 'ImportSpecifier', 'ExportNamedDeclaration'] as const),
  ...(['Program', 'BlockStatement', 'FunctionDeclaration', 'TSQualifiedName'] as const),
]);

/** Calls whose answer is what they were given. */
function isTransparent({
  callee,
  arguments: given,
}: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || given.length === 0) return false;
  const method = keyText(callee.property, callee.computed);
  return callee.object.name === 'Object' && (method === 'freeze' || method === 'assign');
}

/** What a default stands for: the pattern, or the constructor's parameter that is a field, too. */
function ownerOf(preset: Extract<Node, { type: 'AssignmentPattern' }>, { scopes }: Module): Node {
  const parent = scopes.parent(preset);
  return parent?.type === 'TSParameterProperty' ? parent : preset.left;
}

function classAround(node: Node, module: Module): ClassNode | undefined {
  for (let up = module.scopes.parent(node); up; up = module.scopes.parent(up)) if (isClass(up)) return up;
  return undefined;
}

/** The namespace that gives a declared name away. */
function namespaceOf({ declared: [name] }: Binding, { scopes }: Module): Binding | undefined {
  for (let up = name && scopes.parent(name); up; up = scopes.parent(up)) {
    if (isFunction(up) && up.type !== 'FunctionDeclaration') return undefined;
    if (up.type !== 'ExportNamedDeclaration') continue;
    const space = scopes.parent(scopes.parent(up) ?? up);
    return space?.type === 'TSModuleDeclaration' ? scopes.bindingOf(space.id) : undefined;
  }
  return undefined;
}

function constructorOf(of: ClassNode): FunctionNode | undefined {
  for (const member of of.body.body)
    if (member.type === 'MethodDefinition' && member.kind === 'constructor' && isFunction(member.value))
      return member.value;
  return undefined;
}
