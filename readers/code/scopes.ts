import type { Node, Program } from 'oxc-parser';
import { childrenOf, isFunction, type ClassNode, type FunctionNode, type IdentifierNode } from './syntax.ts';

/** One declared name, and everything that means it. */
export interface Binding {
  readonly name: string;
  /** Where it is declared; several times for a `var` or an overload. */
  readonly declared: IdentifierNode[];
  /** Where it is used: reads and writes. */
  readonly uses: IdentifierNode[];
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
    const binding = { name: identifier.name, declared: [identifier], uses: [] };
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

/** Which name means what in one module, and what stands where: by one walk over its syntax tree. */
export class Scopes {
  readonly #parents = new Map<Node, Node>();
  readonly #bindings = new Map<Node, Binding>();
  readonly #globals = new Map<string, IdentifierNode[]>();
  readonly #this = new Map<ClassNode, Node[]>();
  readonly #returns = new Map<FunctionNode, Node[]>();
  readonly #module = new Scope();
  readonly #pending: [IdentifierNode, Scope][] = [];
  /** Every `import.meta`. */
  readonly metas: Node[] = [];
  /** Every `import(…)` and call of `require`. */
  readonly loads: Node[] = [];

  constructor(program: Program) {
    this.#children(program, { scope: this.#module });
    for (const [identifier, scope] of this.#pending) {
      const binding = scope.find(identifier.name);
      if (binding) {
        binding.uses.push(identifier);
        this.#bindings.set(identifier, binding);
      } else {
        const list = this.#globals.get(identifier.name) ?? [];
        list.push(identifier);
        this.#globals.set(identifier.name, list);
      }
    }
  }

  parent(node: Node): Node | undefined {
    return this.#parents.get(node);
  }

  /** What an identifier means here; `undefined` for a global, and for what is no reference. */
  bindingOf(identifier: Node): Binding | undefined {
    return this.#bindings.get(identifier);
  }

  /** What a name means at the top of the module. */
  top(name: string): Binding | undefined {
    return this.#module.bindings.get(name);
  }

  globals(name: string): readonly IdentifierNode[] {
    return this.#globals.get(name) ?? [];
  }

  thisIn(owner: ClassNode): readonly Node[] {
    return this.#this.get(owner) ?? [];
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
    for (const child of childrenOf(node)) this.#visit(child, node, inside);
  }

  #visit(node: Node, parent: Node, inside: Inside): void {
    this.#parents.set(node, parent);
    const { scope } = inside;
    switch (node.type) {
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
      case 'Literal':
      case 'TemplateElement':
        return;
      case 'Identifier':
        this.#pending.push([node, scope]);
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
          this.#declare(node.id, node, { ...inside, scope: node.type === 'FunctionDeclaration' ? scope : inner });
        const within = { ...inside, scope: inner, inFunction: node };
        for (const param of node.params) this.#pattern(param, node, within);
        if (!node.body) return;
        this.#parents.set(node.body, node);
        if (node.body.type === 'BlockStatement') this.#children(node.body, within);
        else this.#visit(node.body, node, within);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.declare === true) return;
        if (node.id) this.#declare(node.id, node, inside);
        if (node.superClass) this.#visit(node.superClass, node, inside);
        this.#visit(node.body, node, { ...inside, inClass: node });
        return;
      case 'TSModuleDeclaration':
        if (!node.declare) this.#children(node, inside);
        return;
      case 'VariableDeclaration': {
        if (node.declare === true) return; // says that a global exists: it stays the global
        const where = { ...inside, scope: node.kind === 'var' ? scope.hoisting() : scope };
        for (const declarator of node.declarations) {
          this.#parents.set(declarator, node);
          this.#pattern(declarator.id, declarator, where);
          if (declarator.init) this.#visit(declarator.init, declarator, inside);
        }
        return;
      }
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          this.#parents.set(specifier, node);
          this.#declare(specifier.local, specifier, inside);
        }
        return;
      case 'ExportNamedDeclaration':
        if (node.source) return;
        this.#children(node, inside);
        return;
      case 'ExportAllDeclaration':
        return;
      case 'ExportSpecifier':
        this.#visit(node.local, node, inside);
        return;
      case 'TSEnumDeclaration':
        this.#declare(node.id, node, inside);
        for (const member of node.body.members) {
          this.#parents.set(member, node);
          if (member.initializer) this.#visit(member.initializer, member, inside);
        }
        return;
      case 'TSImportEqualsDeclaration':
        this.#declare(node.id, node, inside);
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
        if (node.param) this.#pattern(node.param, node, within);
        this.#visit(node.body, node, within);
        return;
      }
      case 'MemberExpression':
        this.#visit(node.object, node, inside);
        if (node.computed) this.#visit(node.property, node, inside);
        return;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if (node.computed) this.#visit(node.key, node, inside);
        if (node.value) this.#visit(node.value, node, inside);
        return;
      case 'LabeledStatement':
        this.#visit(node.body, node, inside);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
        this.#children(node, inside);
    }
  }

  #declare(identifier: IdentifierNode, parent: Node, { scope }: Inside): void {
    this.#parents.set(identifier, parent);
    this.#bindings.set(identifier, scope.declare(identifier));
  }

  /** What stands where names are declared: a name, or a pattern of names with their defaults. */
  #pattern(node: Node, parent: Node, inside: Inside): void {
    this.#parents.set(node, parent);
    switch (node.type) {
      case 'Identifier':
        this.#declare(node, parent, inside);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          this.#parents.set(property, node);
          if (property.type === 'RestElement') this.#pattern(property.argument, property, inside);
          else {
            if (property.computed) this.#visit(property.key, property, inside);
            this.#pattern(property.value, property, inside);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of node.elements) if (element) this.#pattern(element, node, inside);
        return;
      case 'AssignmentPattern':
        this.#pattern(node.left, node, inside);
        this.#visit(node.right, node, inside);
        return;
      case 'RestElement':
        this.#pattern(node.argument, node, inside);
        return;
      case 'TSParameterProperty':
        this.#pattern(node.parameter, node, inside);
        return;
      default:
        this.#visit(node, parent, inside);
    }
  }
}
