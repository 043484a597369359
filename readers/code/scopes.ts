import type { Node, Program } from 'oxc-parser';
import { childrenOf, isFunction, type ClassNode, type FunctionNode, type IdentifierNode } from './syntax.ts';

/** One declared name. {@link Scopes.uses} has everything that means it. */
export interface Binding {
  readonly name: string;
  /** Where it is declared; several times for a `var` or an overload. */
  readonly declared: IdentifierNode[];
}

/** Every place of one name in a module, each with the scope that it stands in. */
interface Named {
  readonly identifiers: IdentifierNode[];
  readonly scopes: Scope[];
  /** What each place means: worked out when somebody asks for the name. */
  meaning?: { readonly bindings: Map<Node, Binding>; readonly uses: Map<Binding | undefined, IdentifierNode[]> };
}

class Scope {
  readonly parent: Scope | undefined;
  readonly isFunction: boolean;
  readonly bindings = new Map<string, Binding>();

  constructor(parent?: Scope, isFunctionScope = parent === undefined) {
    this.parent = parent;
    this.isFunction = isFunctionScope;
  }

  declare(identifier: IdentifierNode): Binding {
    const known = this.bindings.get(identifier.name);
    if (known) {
      known.declared.push(identifier);
      return known;
    }
    const binding = { name: identifier.name, declared: [identifier] };
    this.bindings.set(identifier.name, binding);
    return binding;
  }

  find(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.parent?.find(name);
  }

  /** Where `var` declares: the nearest function's scope, or the module's. */
  hoisting(): Scope {
    return this.isFunction || !this.parent ? this : this.parent.hoisting();
  }
}

interface Inside {
  readonly scope: Scope;
  readonly inFunction?: FunctionNode | undefined;
  readonly inClass?: ClassNode | undefined;
}

/**
 * Which name means what in one module, and what stands where: by one walk over its syntax tree. What each identifier means
 * and in what each node stands is worked out when it is asked for: few are.
 */
export class Scopes {
  readonly #program: Program;
  readonly #names = new Map<string, Named>();
  readonly #parents = new Map<Node, Node>();
  readonly #expanded = new Set<Node>();
  readonly #this = new Map<ClassNode, Node[]>();
  readonly #supers = new Map<ClassNode, Node[]>();
  readonly #returns = new Map<FunctionNode, Node[]>();
  readonly #module = new Scope();
  /** Every `import.meta`. */
  readonly metas: Node[] = [];
  /** Every `import(…)` and call of `require`. */
  readonly loads: Node[] = [];

  constructor(program: Program) {
    this.#program = program;
    this.#children(program, { scope: this.#module });
  }

  /** The node directly around another. */
  parent(node: Node): Node | undefined {
    const known = this.#parents.get(node);
    if (known || node === this.#program) return known;
    let around: Node | undefined = this.#program;
    while (around && around !== node) {
      if (!this.#expanded.has(around)) {
        this.#expanded.add(around);
        for (const child of childrenOf(around)) this.#parents.set(child, around);
      }
      around = childrenOf(around).find(
        (child) => child === node || (child.start <= node.start && child.end >= node.end && reaches(child, node)),
      );
    }
    return this.#parents.get(node);
  }

  /** What an identifier means here; `undefined` for a global, and for what is no reference. */
  bindingOf(identifier: Node): Binding | undefined {
    return identifier.type === 'Identifier' ? this.#meaning(identifier.name)?.bindings.get(identifier) : undefined;
  }

  /** Where a declared name is used: reads and writes. */
  uses(binding: Binding): readonly IdentifierNode[] {
    return this.#meaning(binding.name)?.uses.get(binding) ?? [];
  }

  /** What a name means at the top of the module. */
  top(name: string): Binding | undefined {
    return this.#module.bindings.get(name);
  }

  /** Where a name means a global. */
  globals(name: string): readonly IdentifierNode[] {
    return this.#meaning(name)?.uses.get(undefined) ?? [];
  }

  #meaning(name: string): Named['meaning'] {
    const named = this.#names.get(name);
    if (!named) return undefined;
    if (!named.meaning) {
      const meaning = { bindings: new Map<Node, Binding>(), uses: new Map<Binding | undefined, IdentifierNode[]>() };
      named.identifiers.forEach((identifier, index) => {
        const binding = named.scopes[index]?.find(name);
        if (binding) meaning.bindings.set(identifier, binding);
        if (binding?.declared.includes(identifier)) return;
        const uses = meaning.uses.get(binding);
        if (uses) uses.push(identifier);
        else meaning.uses.set(binding, [identifier]);
      });
      named.meaning = meaning;
    }
    return named.meaning;
  }

  #name(identifier: IdentifierNode, scope: Scope): void {
    const named = this.#names.get(identifier.name);
    if (named) {
      named.identifiers.push(identifier);
      named.scopes.push(scope);
    } else this.#names.set(identifier.name, { identifiers: [identifier], scopes: [scope] });
  }

  thisIn(owner: ClassNode): readonly Node[] {
    return this.#this.get(owner) ?? [];
  }

  /** Every `super` in a class. */
  supersIn(owner: ClassNode): readonly Node[] {
    return this.#supers.get(owner) ?? [];
  }

  /** What a function returns: the argument of each `return`, or the expression that an arrow is. */
  returned(of: FunctionNode): readonly Node[] {
    if (of.type === 'ArrowFunctionExpression' && of.body.type !== 'BlockStatement') return [of.body];
    return this.#returns.get(of) ?? [];
  }

  /** The function in which a node stands. */
  functionAround(node: Node): FunctionNode | undefined {
    for (let up = this.parent(node); up; up = this.parent(up)) if (isFunction(up)) return up;
    return undefined;
  }

  #children(node: Node, inside: Inside): void {
    for (const child of childrenOf(node)) this.#visit(child, inside);
  }

  #visit(node: Node, inside: Inside): void {
    const { scope } = inside;
    switch (node.type) {
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
      case 'Literal':
      case 'TemplateElement':
        return;
      case 'Identifier':
        this.#name(node, scope);
        return;
      case 'MetaProperty':
        this.metas.push(node);
        return;
      case 'ImportExpression':
        this.loads.push(node);
        this.#children(node, inside);
        return;
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') this.loads.push(node);
        this.#children(node, inside);
        return;
      case 'ThisExpression':
        if (inside.inClass) this.#this.set(inside.inClass, [...(this.#this.get(inside.inClass) ?? []), node]);
        return;
      case 'Super':
        if (inside.inClass) this.#supers.set(inside.inClass, [...(this.#supers.get(inside.inClass) ?? []), node]);
        return;
      case 'ReturnStatement':
        if (inside.inFunction && node.argument)
          this.#returns.set(inside.inFunction, [...(this.#returns.get(inside.inFunction) ?? []), node.argument]);
        this.#children(node, inside);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const inner = new Scope(scope, true);
        if (node.type !== 'ArrowFunctionExpression' && node.id)
          this.#declare(node.id, { ...inside, scope: node.type === 'FunctionDeclaration' ? scope : inner });
        const within = { ...inside, scope: inner, inFunction: node };
        for (const param of node.params) this.#pattern(param, within);
        if (!node.body) return;
        if (node.body.type === 'BlockStatement') this.#children(node.body, within);
        else this.#visit(node.body, within);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.declare === true) return;
        if (node.id) this.#declare(node.id, inside);
        for (const each of node.decorators) this.#visit(each, inside);
        if (node.superClass) this.#visit(node.superClass, inside);
        this.#visit(node.body, { ...inside, inClass: node });
        return;
      case 'TSModuleDeclaration':
        if (node.declare) return;
        if (node.id.type === 'Identifier') this.#declare(node.id, inside);
        if (node.body) this.#visit(node.body, inside);
        return;
      case 'VariableDeclaration': {
        if (node.declare === true) return; // says that a global exists: it stays the global
        const where = { ...inside, scope: node.kind === 'var' ? scope.hoisting() : scope };
        for (const declarator of node.declarations) {
          this.#pattern(declarator.id, where);
          if (declarator.init) this.#visit(declarator.init, inside);
        }
        return;
      }
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          this.#declare(specifier.local, inside);
        }
        return;
      case 'ExportNamedDeclaration':
        if (node.source) return;
        this.#children(node, inside);
        return;
      case 'ExportAllDeclaration':
        return;
      case 'ExportSpecifier':
        this.#visit(node.local, inside);
        return;
      case 'TSEnumDeclaration':
        this.#declare(node.id, inside);
        for (const member of node.body.members) {
          if (member.initializer) this.#visit(member.initializer, inside);
        }
        return;
      case 'TSImportEqualsDeclaration':
        this.#declare(node.id, inside);
        return;
      case 'BlockStatement':
      case 'StaticBlock':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'SwitchStatement':
      case 'TSModuleBlock':
        this.#children(node, { ...inside, scope: new Scope(scope, false) });
        return;
      case 'CatchClause': {
        const within = { ...inside, scope: new Scope(scope, false) };
        if (node.param) this.#pattern(node.param, within);
        this.#visit(node.body, within);
        return;
      }
      case 'MemberExpression':
        this.#visit(node.object, inside);
        if (node.computed) this.#visit(node.property, inside);
        return;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if ('decorators' in node) for (const each of node.decorators) this.#visit(each, inside);
        if (node.computed) this.#visit(node.key, inside);
        if (node.value) this.#visit(node.value, inside);
        return;
      case 'LabeledStatement':
        this.#visit(node.body, inside);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
        this.#children(node, inside);
    }
  }

  #declare(identifier: IdentifierNode, { scope }: Inside): void {
    scope.declare(identifier);
    this.#name(identifier, scope);
  }

  /** What stands where names are declared: a name, or a pattern of names with their defaults. */
  #pattern(node: Node, inside: Inside): void {
    switch (node.type) {
      case 'Identifier':
        this.#declare(node, inside);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') this.#pattern(property.argument, inside);
          else {
            if (property.computed) this.#visit(property.key, inside);
            this.#pattern(property.value, inside);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element, inside);
        return;
      case 'AssignmentPattern':
        this.#pattern(node.left, inside);
        this.#visit(node.right, inside);
        return;
      case 'RestElement':
        this.#pattern(node.argument, inside);
        return;
      case 'TSParameterProperty':
        this.#pattern(node.parameter, inside);
        return;
      default:
        this.#visit(node, inside);
    }
  }
}

/** Whether `child` has `node` in it: its place alone does not say so where both begin and end alike. */
function reaches(child: Node, node: Node): boolean {
  return (
    child.start < node.start ||
    child.end > node.end ||
    childrenOf(child).some(
      (each) => each === node || (each.start <= node.start && each.end >= node.end && reaches(each, node)),
    )
  );
}
