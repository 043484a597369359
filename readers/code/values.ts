import type { Call, Stack } from './calls.ts';
import type { Module } from './module.ts';
import type { Project } from './project.ts';
import { bindingSource, listMethods } from './patterns.ts';
import { isClass, isFunction, keyText, literalText, unwrapped, wrapped } from './syntax.ts';
import type { ClassNode, FunctionNode, Node } from './syntax.ts';

/** What an expression may be when the program runs, as far as its text says. */
export type Value =
  /** A text. `by`: the call, farthest out, that gave it. */
  | { readonly is: 'text'; readonly text: string; readonly by?: Call | undefined }
  | { readonly is: 'list'; readonly items: () => readonly Value[] }
  | {
      readonly is: 'object';
      readonly node: Extract<Node, { type: 'ObjectExpression' }>;
      readonly module: Module;
      readonly stack: Stack;
    }
  | { readonly is: 'function'; readonly node: FunctionNode; readonly module: Module; readonly stack: Stack }
  | { readonly is: 'class'; readonly node: ClassNode; readonly module: Module; readonly made: boolean }
  | { readonly is: 'enum'; readonly node: Extract<Node, { type: 'TSEnumDeclaration' }>; readonly module: Module }
  | { readonly is: 'module'; readonly module: Module }
  /** What a function was given: it depends on the call. */
  | { readonly is: 'given'; readonly to: FunctionNode; readonly module: Module }
  | { readonly is: 'nothing' }
  | { readonly is: 'unknown' };

/** An expression, and how its place was reached. */
interface Origin {
  readonly node: Node;
  readonly module: Module;
  readonly stack: Stack;
}

const unknown: readonly Value[] = [{ is: 'unknown' }];
const none: readonly Value[] = [{ is: 'nothing' }];

/** Functions that call each other deeper for one answer are not followed. */
const deepestAnswer = 12;

/** More than this many texts for one expression are no list of names. */
const mostTexts = 500;

/** Reads expressions backwards: from where a value is used to what it was made of. */
export class Values {
  readonly #project: Project;
  /** What is being asked for: a value made of itself is unknown. */
  readonly #asked = new Set<Node>();

  constructor(project: Project) {
    this.#project = project;
  }

  /** What `node` may be, when its place was reached by `stack`. Never empty. */
  of(node: Node, module: Module, stack: Stack): readonly Value[] {
    if (this.#asked.has(node) && !isFunction(node)) return unknown;
    this.#asked.add(node);
    try {
      return this.#expression(node, module, stack);
    } finally {
      this.#asked.delete(node);
    }
  }

  /** The expression that a name stands for, where it was declared; the node itself where it is no such name. */
  origin(node: Node, module: Module, stack: Stack, depth = 0): Origin {
    const inner = unwrapped(node);
    const same = { node: inner, module, stack };
    if (depth > deepestAnswer) return same;
    if (inner.type === 'MemberExpression') {
      const key = keyText(inner.property, inner.computed);
      const [owner] = this.of(inner.object, module, stack);
      const given = owner?.is === 'module' && key !== undefined ? this.#given(owner.module, key) : undefined;
      return given?.node ? this.origin(given.node, given.module, [], depth + 1) : same;
    }
    const binding = module.scopes.bindingOf(inner);
    if (!binding) return same;
    const imported = module.outline.imports.find(({ local }) => local === binding.name);
    if (imported && module.scopes.top(binding.name) === binding) {
      const from = this.#project.resolve(module, imported.from);
      const given = from && this.#given(from, imported.name);
      return given?.node ? this.origin(given.node, given.module, [], depth + 1) : same;
    }
    const [declared] = binding.declared;
    const source = declared && bindingSource(declared, module.scopes);
    if (!source || source.path.length > 0) return same;
    if (source.from === 'value') return source.node ? this.origin(source.node, module, stack, depth + 1) : same;
    const at = source.from === 'argument' ? stack.findIndex(({ of }) => of === source.of) : -1;
    const call = stack[at]?.call;
    const given = source.from === 'argument' ? call?.given[source.index] : undefined;
    return call && given ? this.origin(given, call.module, stack.slice(at + 1), depth + 1) : same;
  }

  #expression(node: Node, module: Module, stack: Stack): readonly Value[] {
    const text = literalText(node);
    if (text !== undefined) return [{ is: 'text', text }];
    const inner = wrapped(node);
    if (inner) return this.of(inner, module, stack);
    if (isFunction(node)) return [{ is: 'function', node, module, stack }];
    if (isClass(node)) return [{ is: 'class', node, module, made: false }];
    switch (node.type) {
      case 'Literal':
        return node.value === null ? none : unknown;
      case 'Identifier':
        return node.name === 'undefined' ? none : this.#named(node, module, stack);
      case 'TemplateLiteral':
        return this.#joined(
          node.quasis.flatMap((quasi, index) => {
            const filled = node.expressions[index];
            const fixed: readonly Value[] = [{ is: 'text', text: quasi.value.cooked ?? quasi.value.raw }];
            return filled ? [fixed, this.of(filled, module, stack)] : [fixed];
          }),
        );
      case 'BinaryExpression':
        return node.operator === '+'
          ? this.#joined([this.of(node.left, module, stack), this.of(node.right, module, stack)])
          : unknown;
      case 'ConditionalExpression':
        return [...this.of(node.consequent, module, stack), ...this.of(node.alternate, module, stack)];
      case 'LogicalExpression':
        return [...this.of(node.left, module, stack), ...this.of(node.right, module, stack)];
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last ? this.of(last, module, stack) : unknown;
      }
      case 'AssignmentExpression':
        return this.of(node.right, module, stack);
      case 'ArrayExpression':
        return [{ is: 'list', items: () => this.#items(node.elements, module, stack) }];
      case 'ObjectExpression':
        return [{ is: 'object', node, module, stack }];
      case 'ThisExpression': {
        for (let up = module.scopes.parent(node); up; up = module.scopes.parent(up))
          if (isClass(up)) return [{ is: 'class', node: up, module, made: true }];
        return unknown;
      }
      case 'MemberExpression': {
        const owners = this.of(node.object, module, stack);
        const key = keyText(node.property, node.computed);
        if (key !== undefined) return owners.flatMap((owner) => this.property(owner, key));
        const keys = this.of(node.property, module, stack);
        return keys.every((value) => value.is === 'text')
          ? owners.flatMap((owner) => keys.flatMap((value) => this.property(owner, value.text)))
          : owners.flatMap((owner) => this.elements(owner));
      }
      case 'NewExpression':
        return this.of(node.callee, module, stack).flatMap((value): readonly Value[] => {
          if (value.is === 'class') return [{ ...value, made: true }];
          // A set or a map of a list is as good as the list.
          const [first] = node.arguments;
          const known = node.callee.type === 'Identifier' && ['Set', 'Array'].includes(node.callee.name);
          return known && first ? this.of(first, module, stack) : unknown;
        });
      case 'CallExpression':
        return this.#called(node, module, stack);
      case 'ImportExpression': {
        const loaded = this.#project.loadedBy(node, module);
        return loaded ? this.#loaded(loaded) : unknown;
      }
      default:
        return unknown;
    }
  }

  #items(elements: readonly (Node | null)[], module: Module, stack: Stack): Value[] {
    return elements.flatMap((element): readonly Value[] => {
      if (!element) return [];
      if (element.type !== 'SpreadElement') return this.of(element, module, stack);
      return this.of(element.argument, module, stack).flatMap((value) => this.elements(value));
    });
  }

  /** Each text of the first with each of the second, and so on. */
  #joined(parts: readonly (readonly Value[])[]): readonly Value[] {
    let made: { readonly text: string; readonly by?: Call | undefined }[] = [{ text: '' }];
    for (const part of parts) {
      const open = part.find((value) => value.is !== 'text');
      if (open) return open.is === 'given' ? [open] : unknown;
      made = made.flatMap((before) =>
        part.flatMap((value) =>
          value.is === 'text' ? { text: before.text + value.text, by: before.by ?? value.by } : [],
        ),
      );
      if (made.length > mostTexts) return unknown;
    }
    return made.map((each) => ({ is: 'text', ...each }));
  }

  /** What a name means: every value that it may have got. */
  #named(node: Node, module: Module, stack: Stack): readonly Value[] {
    const binding = module.scopes.bindingOf(node);
    if (!binding) return unknown;
    const imported = module.outline.imports.find(({ local }) => local === binding.name);
    if (imported && module.scopes.top(binding.name) === binding) {
      const from = this.#project.resolve(module, imported.from);
      return from ? this.exported(from, imported.name) : unknown;
    }
    const declared = binding.declared.flatMap((each) => this.#declared(each, module, stack));
    const assigned = module.scopes.uses(binding).flatMap((use) => {
      const parent = module.scopes.parent(use);
      return parent?.type === 'AssignmentExpression' && parent.left === use ? this.of(parent.right, module, stack) : [];
    });
    const all = [...declared, ...assigned].filter(({ is }) => is !== 'nothing');
    return all.length > 0 ? all : none;
  }

  #declared(identifier: Node, module: Module, stack: Stack): readonly Value[] {
    const parent = module.scopes.parent(identifier);
    if (parent && (isFunction(parent) || isClass(parent)) && 'id' in parent && parent.id === identifier)
      return isFunction(parent)
        ? [{ is: 'function', node: parent, module, stack }]
        : [{ is: 'class', node: parent, module, made: false }];
    if (parent?.type === 'TSEnumDeclaration') return [{ is: 'enum', node: parent, module }];
    const source = bindingSource(identifier, module.scopes);
    if (!source) return unknown;
    const { path, defaults } = source;
    let values: readonly Value[];
    if (source.from === 'value') values = source.node ? this.of(source.node, module, stack) : none;
    else if (source.from === 'elements')
      values = this.of(source.node, module, stack).flatMap((list) => this.elements(list));
    else if (source.from === 'keys') values = this.of(source.node, module, stack).flatMap((owner) => this.#keys(owner));
    else values = this.argument(source.of, source.index, source.rest, module, stack);
    for (const step of path) values = values.flatMap((owner) => this.property(owner, step));
    const preset = defaults.flatMap((each) => this.of(each, module, stack));
    return preset.length === 0 ? values : [...values.filter(({ is }) => is !== 'nothing'), ...preset];
  }

  /** What a function got as its argument number `index`. */
  argument(of: FunctionNode, index: number, rest: boolean, module: Module, stack: Stack): readonly Value[] {
    const depth = stack.findIndex((frame) => frame.of === of);
    const frame = stack[depth];
    if (!frame) return this.#elementsGiven(of, index, module, stack) ?? [{ is: 'given', to: of, module }];
    const { call } = frame;
    const outer = stack.slice(depth + 1);
    const credited = (values: readonly Value[]) =>
      values.map((value) => (value.is === 'text' ? { ...value, by: value.by ?? call } : value));
    if (call.each === true) {
      const [list] = call.given;
      if (index > 0 || !list) return unknown;
      return credited(this.of(list, call.module, outer).flatMap((value) => this.elements(value)));
    }
    if (rest) return [{ is: 'list', items: () => credited(this.#items(call.given.slice(index), call.module, outer)) }];
    const given = call.given[index];
    if (!given) return call.given.some(({ type }) => type === 'SpreadElement') ? unknown : none;
    return given.type === 'SpreadElement' ? unknown : credited(this.of(given, call.module, outer));
  }

  /** For a function that stands in a call of `map` and its like: the elements of the list. */
  #elementsGiven(of: FunctionNode, index: number, module: Module, stack: Stack): readonly Value[] | undefined {
    const parent = module.scopes.parent(of);
    if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return undefined;
    const method = keyText(parent.callee.property, parent.callee.computed);
    const [list, second] = parent.arguments;
    if (method === 'from' && second === of && list)
      return index > 0 ? unknown : this.of(list, module, stack).flatMap((each) => this.elements(each));
    if (method === undefined || list !== of) return undefined;
    const position = listMethods.get(method);
    if (position === undefined) return undefined;
    if (index !== position) return unknown;
    return this.of(parent.callee.object, module, stack).flatMap((list) => this.elements(list));
  }

  /** Every element of a list. */
  elements(value: Value): readonly Value[] {
    if (value.is === 'list') return value.items();
    if (value.is === 'object') return this.#properties(value).flatMap(({ values }) => values());
    if (value.is === 'enum') return this.#enumValues(value);
    return value.is === 'given' ? [value] : unknown;
  }

  #keys(owner: Value): readonly Value[] {
    if (owner.is === 'object') return this.#properties(owner).map(({ key }) => ({ is: 'text', text: key }));
    if (owner.is === 'enum')
      return owner.node.body.members.flatMap(({ id }) => {
        const text = keyText(id, false);
        return text === undefined ? [] : [{ is: 'text', text }];
      });
    return owner.is === 'given' ? [owner] : unknown;
  }

  #enumValues({ node, module }: Extract<Value, { is: 'enum' }>): readonly Value[] {
    return node.body.members.flatMap(({ initializer }) => (initializer ? this.of(initializer, module, []) : unknown));
  }

  #properties({
    node,
    module,
    stack,
  }: Extract<Value, { is: 'object' }>): { key: string; values: () => readonly Value[] }[] {
    return node.properties.flatMap((property) => {
      if (property.type === 'SpreadElement')
        return this.of(property.argument, module, stack).flatMap((value) =>
          value.is === 'object' ? this.#properties(value) : [],
        );
      const key = keyText(property.key, property.computed);
      return key === undefined ? [] : [{ key, values: () => this.of(property.value, module, stack) }];
    });
  }

  /** What stands under a name in a value. */
  property(owner: Value, name: string): readonly Value[] {
    switch (owner.is) {
      case 'object': {
        const found = this.#properties(owner).filter(({ key }) => key === name);
        return found.length > 0 ? found.flatMap(({ values }) => values()) : unknown;
      }
      case 'list': {
        const item = owner.items()[Number(name)];
        return item ? [item] : unknown;
      }
      case 'enum': {
        const member = owner.node.body.members.find(({ id }) => keyText(id, false) === name);
        return member?.initializer ? this.of(member.initializer, owner.module, []) : unknown;
      }
      case 'module':
        return this.exported(owner.module, name);
      case 'class': {
        const { node, module, made } = owner;
        for (const member of node.body.body) {
          if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
          if (member.static === made || keyText(member.key, member.computed) !== name || !member.value) continue;
          return this.of(member.value, module, []);
        }
        const above = node.superClass ? this.of(node.superClass, module, []) : [];
        return above.some(({ is }) => is === 'class')
          ? above.flatMap((parent) => (parent.is === 'class' ? this.property({ ...parent, made }, name) : []))
          : unknown;
      }
      case 'given':
        return [owner];
      default:
        return unknown;
    }
  }

  /** What a module gives away under a name. */
  exported(module: Module, name: string): readonly Value[] {
    const given = this.#given(module, name);
    if (!given) return unknown;
    return given.node ? this.of(given.node, given.module, []) : [{ is: 'module', module: given.module }];
  }

  /** The expression, or the declared name, that a module gives away under a name; without one the whole module. */
  #given(
    module: Module,
    name: string,
    seen: ReadonlySet<Module> = new Set(),
  ): { readonly module: Module; readonly node?: Node } | undefined {
    if (seen.has(module)) return undefined;
    if (name === '*') return { module };
    const own = module.outline.exports.find(({ as }) => as === name);
    const further = new Set(seen).add(module);
    if (own?.from !== undefined) {
      const from = this.#project.resolve(module, own.from);
      return from && this.#given(from, own.name ?? name, further);
    }
    if (own) {
      const binding = own.local === undefined ? undefined : module.scopes.top(own.local);
      const [declared] = binding?.declared ?? [];
      if (declared) return { module, node: declared };
      const preset = module.program.body.find(({ type }) => type === 'ExportDefaultDeclaration');
      return name === 'default' && preset?.type === 'ExportDefaultDeclaration'
        ? { module, node: preset.declaration }
        : undefined;
    }
    for (const { as, from } of module.outline.exports) {
      if (as !== '*' || from === undefined || name === 'default') continue;
      const target = this.#project.resolve(module, from);
      const found = target && this.#given(target, name, further);
      if (found) return found;
    }
    return this.#assigned(module, name);
  }

  /** CommonJS: what a module assigns to `exports.name`, or has under that name in `module.exports`; as its default, all of it. */
  #assigned(module: Module, name: string): { readonly module: Module; readonly node: Node } | undefined {
    const found = ['exports', 'module'].flatMap((global) =>
      module.scopes.globals(global).flatMap((use): Node[] => {
        const whole = global === 'exports' ? use : memberAround(use, 'exports', module);
        const below = whole && memberAround(whole, name, module);
        if (below) return assignedTo(below, module);
        const [all] = whole && whole !== use ? assignedTo(whole, module) : [];
        if (!all || name === 'default') return all ? [all] : [];
        const { node } = this.origin(all, module, []);
        return node.type !== 'ObjectExpression'
          ? []
          : node.properties.flatMap((property) =>
              property.type === 'Property' && keyText(property.key, property.computed) === name ? [property.value] : [],
            );
      }),
    );
    return found[0] && { module, node: found[0] };
  }

  /** What `require(…)` or `import(…)` answers: the module, or the function or class that is all that it gives away. */
  #loaded(module: Module): readonly Value[] {
    const all = this.#assigned(module, 'default');
    const whole = all ? this.of(all.node, module, []).filter(({ is }) => is === 'function' || is === 'class') : [];
    return whole.length > 0 ? whole : [{ is: 'module', module }];
  }

  #called(node: Extract<Node, { type: 'CallExpression' }>, module: Module, stack: Stack): readonly Value[] {
    const loaded = this.#project.loadedBy(node, module);
    if (loaded && module.scopes.loads.includes(node)) return this.#loaded(loaded);
    const [first] = node.arguments;
    if (node.callee.type === 'MemberExpression') {
      const method = keyText(node.callee.property, node.callee.computed);
      const { object } = node.callee;
      if (object.type === 'Identifier' && first && (object.name === 'Object' || object.name === 'Array')) {
        const values = () => this.of(first, module, stack);
        if (method === 'freeze' || method === 'from' || method === 'seal') return values();
        if (method === 'keys') return [{ is: 'list', items: () => values().flatMap((owner) => this.#keys(owner)) }];
        if (method === 'values')
          return [{ is: 'list', items: () => values().flatMap((owner) => this.elements(owner)) }];
        if (method === 'entries')
          return [{ is: 'list', items: () => values().flatMap((owner) => this.#entries(owner)) }];
      }
      if (method !== undefined && keepsElements.has(method)) {
        const more = method === 'concat' ? node.arguments : [];
        const lists = [object, ...more].flatMap((each) => this.of(each, module, stack));
        if (lists.some(({ is }) => is === 'list' || is === 'given')) return lists;
      }
      if (method !== undefined && takesElement.has(method)) {
        const lists = this.of(object, module, stack);
        if (lists.some(({ is }) => is === 'list' || is === 'given'))
          return lists.flatMap((list) => this.elements(list));
      }
      if (method === 'trim' || method === 'toString' || method === 'valueOf') return this.of(object, module, stack);
      if (method === 'toUpperCase' || method === 'toLowerCase')
        return this.of(object, module, stack).map((value) =>
          value.is === 'text'
            ? { ...value, text: method === 'toUpperCase' ? value.text.toUpperCase() : value.text.toLowerCase() }
            : value,
        );
      if ((method === 'map' || method === 'flatMap') && first) {
        const call: Call = { node, module, given: [object], each: true };
        const made = this.of(first, module, stack).flatMap((value) => this.#result(value, call, stack));
        return [{ is: 'list', items: () => made }];
      }
    }
    const call: Call = { node, module, given: node.arguments };
    return this.of(node.callee, module, stack).flatMap((value) => this.#result(value, call, stack));
  }

  /** What a function of the application's own answers to a call. */
  #result(value: Value, call: Call, stack: Stack): readonly Value[] {
    if (value.is === 'given') return [value];
    if (value.is !== 'function') return unknown;
    const inner = [{ of: value.node, call }, ...stack];
    const returned = value.module.scopes.returned(value.node);
    if (returned.length === 0) return none; // it throws, or does something else
    if (inner.length > deepestAnswer) return unknown;
    return returned.flatMap((each) => this.of(each, value.module, inner));
  }

  #entries(owner: Value): readonly Value[] {
    if (owner.is !== 'object') return owner.is === 'given' ? [owner] : unknown;
    return this.#properties(owner).map(({ key, values }) => ({
      is: 'list',
      items: () => [{ is: 'text', text: key }, ...values()],
    }));
  }
}

/** `node.name`, where that stands around a node. */
function memberAround(node: Node, name: string, { scopes }: Module): Node | undefined {
  const parent = scopes.parent(node);
  const isIt = parent?.type === 'MemberExpression' && parent.object === node;
  return isIt && keyText(parent.property, parent.computed) === name ? parent : undefined;
}

/** What is assigned to a node. */
function assignedTo(node: Node, { scopes }: Module): Node[] {
  const parent = scopes.parent(node);
  return parent?.type === 'AssignmentExpression' && parent.left === node ? [parent.right] : [];
}

/** Methods of a list that yield some or all of its elements. */
const keepsElements = new Set([
  'filter',
  'slice',
  'concat',
  'sort',
  'reverse',
  'toSorted',
  'toReversed',
  'flat',
  'values',
]);

/** Methods of a list that yield one of its elements. */
const takesElement = new Set(['find', 'findLast', 'at', 'pop', 'shift']);
