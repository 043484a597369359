import { deepest, type Call, type Place, type Stack } from './calls.ts';
import type { Flow, Use } from './flow.ts';
import type { Module } from './module.ts';
import type { Project } from './project.ts';
import { fateOf, type Fate } from './fate.ts';
import { followEnvironments, type Means } from './roots.ts';
import { schemaKeys } from './schemas.ts';
import { keyText, type Node } from './syntax.ts';
import type { Values } from './values.ts';

/** One read of a name from an environment. */
export interface CodeRead extends Place {
  readonly name: string;
  readonly means: Means;
  /** Where the environment itself is read: elsewhere, when a helper does it. */
  readonly site: Place;
  /** The calls by which the site was reached. */
  readonly stack: Stack;
  /** What becomes of the value. */
  readonly fate: Fate;
}

/** A read whose name the text does not say. */
interface OpenRead extends Place {
  readonly means: Means;
  /** The whole environment is handed on or listed. */
  readonly whole: boolean;
}

/** Everything that the application's code reads from its environments. */
export interface CodeReads {
  readonly reads: readonly CodeRead[];
  readonly open: readonly OpenRead[];
}

/** Finds every read, those by the application's own helpers at the place that names the value. */
export function codeReads(project: Project, values: Values, flow: Flow): CodeReads {
  const found = new Collected(values, flow);
  for (const module of project.modules.values())
    if (module.mentionsEnvironment)
      followEnvironments(module, flow, {
        object: (use, means) => found.object(use, means),
        unseen: (use, means) => found.unseen(use, means),
        asked: (call, use, means) => {
          const [name] = call.given;
          if (name)
            found.name(name, {
              node: use.node,
              module: call.module,
              stack: use.stack,
              means,
              each: call.each === true,
            });
        },
      });
  return found;
}

interface Site extends Place {
  readonly stack: Stack;
  readonly means: Means;
  /** The expression of the name is a list, and each element of it is read. */
  readonly each?: boolean;
  readonly preset?: Node | undefined;
}

class Collected implements CodeReads {
  readonly reads: CodeRead[] = [];
  readonly open: OpenRead[] = [];
  readonly #values: Values;
  readonly #flow: Flow;
  readonly #known = new Set<string>();

  constructor(values: Values, flow: Flow) {
    this.#values = values;
    this.#flow = flow;
  }

  /** One use of an object of names. */
  object(use: Use, means: Means): void {
    const { node, module, stack } = use;
    const site = { node, module, stack, means };
    switch (use.is) {
      case 'member':
        if (typeof use.key === 'string' && ofEveryObject.has(use.key)) this.#owned(use.key, site);
        else if (!isWritten(node, module)) this.#key(use.key, site);
        return;
      case 'taken':
        this.#key(use.key, { ...site, preset: node.type === 'AssignmentPattern' ? node.right : undefined });
        return;
      case 'asked':
        this.#key(use.key, site);
        return;
      case 'handed':
        this.#handed(use, site);
        return;
      case 'lost':
        this.unseen(use, means);
        return;
      case 'called':
      case 'listed':
      case 'operand':
    }
  }

  /** An environment goes where nobody can follow it. Of Deno's alone: whole, it is hardly ever handed on but to be read. */
  unseen(use: Use, means: Means): void {
    if (means === 'Deno.env') this.#openAt(use, true, means);
  }

  /** The name that an expression gives, at a site that reads it. */
  name(key: Node, site: Site): void {
    this.#resolve(key, site, site.stack);
  }

  #key(key: string | Node, site: Site): void {
    if (typeof key === 'string') this.#add(key, site, undefined, site.stack);
    else this.name(key, site);
  }

  /** A method that every object has: `hasOwnProperty('NAME')` asks for a name. */
  #owned(method: string, site: Site): void {
    const call = site.module.scopes.parent(site.node);
    const [name] = call?.type === 'CallExpression' && call.callee === site.node ? call.arguments : [];
    if (name && (method === 'hasOwnProperty' || method === 'propertyIsEnumerable')) this.name(name, site);
  }

  #handed({ call, index, path }: Extract<Use, { is: 'handed' }>, site: Site): void {
    const asked = index === 0 && path.length === 0 && asksForName(call) ? call.arguments[1] : undefined;
    if (asked) {
      this.name(asked, site);
      return;
    }
    const keys = this.#stacks(call, site).flatMap(
      (stack) => schemaKeys(call, index, path, { module: site.module, stack, values: this.#values }) ?? [],
    );
    for (const { name, node, module, preset } of keys)
      this.#add(name, { ...site, node, module, preset }, undefined, site.stack);
    const isListed = path.length === 0 && lists(call);
    if (keys.length === 0 && (isListed || site.means === 'Deno.env')) this.#openAt(site, true, site.means);
  }

  /** The ways in which a call that gets an environment is reached: by each caller of the function that it stands in. */
  #stacks(call: Node, { module, stack }: Site): Stack[] {
    const around = module.scopes.functionAround(call);
    if (!around || stack.length >= deepest || stack.some(({ of }) => of === around)) return [stack];
    return [stack, ...this.#flow.calls(around, module).map((by) => [...stack, { of: around, call: by }])];
  }

  #resolve(key: Node, site: Site, stack: Stack): void {
    const values = this.#values.of(key, site.module, stack);
    const named = site.each === true ? values.flatMap((value) => this.#values.elements(value)) : values;
    const asked = new Set<Node>();
    for (const value of named) {
      if (value.is === 'text') this.#add(value.text, site, value.by, stack);
      else if (value.is === 'given') {
        if (asked.has(value.to) || stack.length >= deepest || stack.some(({ of }) => of === value.to)) continue;
        asked.add(value.to);
        for (const call of this.#flow.calls(value.to, value.module))
          this.#resolve(key, site, [...stack, { of: value.to, call }]);
        if (site.means === 'Deno.env' && this.#flow.isHandedOn(value.to, value.module))
          this.#openAt(site, false, site.means);
      } else if (value.is !== 'nothing') this.#openAt(stack.at(-1)?.call ?? site, false, site.means);
    }
  }

  #openAt({ node, module }: Place, whole: boolean, means: Means = 'process.env'): void {
    if (this.#isNew(`${module.file}:${node.start}:${whole}`)) this.open.push({ node, module, whole, means });
  }

  #add(name: string, site: Site, by: Call | undefined, stack: Stack): void {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
    const { node, module } = by ?? site;
    if (!this.#isNew(`${name}:${module.file}:${node.start}:${site.means}`)) return;
    const fate = fateOf(site, stack, { values: this.#values, flow: this.#flow, preset: site.preset });
    this.reads.push({
      name,
      node,
      module,
      means: site.means,
      site: { node: site.node, module: site.module },
      stack,
      fate,
    });
  }

  #isNew(key: string): boolean {
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    return true;
  }
}

/** What every object has, and no environment's variable is. */
const ofEveryObject: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Calls that take a name out of the object that they are given first, or ask for it there. */
const askers: ReadonlySet<string> = new Set(['Object.hasOwn', 'Reflect.get', 'Reflect.has', 'hasOwnProperty.call']);

function asksForName({ callee }: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean {
  if (callee.type !== 'MemberExpression') return false;
  const { object } = callee;
  const owner =
    object.type === 'Identifier'
      ? object.name
      : object.type === 'MemberExpression'
        ? keyText(object.property, object.computed)
        : '';
  return askers.has(`${owner ?? ''}.${keyText(callee.property, callee.computed) ?? ''}`);
}

/** Whether a member is only written or removed. */
function isWritten(node: Node, { scopes }: Module): boolean {
  const parent = scopes.parent(node);
  if (parent?.type === 'AssignmentExpression') return parent.left === node && parent.operator === '=';
  return parent?.type === 'UnaryExpression' && parent.operator === 'delete';
}

/** Whether a call lists everything that it is given (`Object.keys`). */
function lists({ callee }: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.object.type === 'Identifier' &&
    callee.object.name === 'Object' &&
    ['keys', 'entries', 'values'].includes(keyText(callee.property, callee.computed) ?? '')
  );
}
