import type { Place, Stack } from './calls.ts';
import type { Flow, Use } from './flow.ts';
import type { Module } from './module.ts';
import { bindingSource } from './patterns.ts';
import type { CodeRead } from './reads.ts';
import {
  childrenOf,
  isFunction,
  keyText,
  literalText,
  unwrapped,
  type CallNode,
  type ListNode,
  type Node,
} from './syntax.ts';
import type { Values } from './values.ts';
import type { TokenUse } from '../readers.ts';

/** One use of a read value as a signed token. */
export interface KeyUse extends Place {
  readonly read: CodeRead;
  readonly use: TokenUse;
  /** The Edge Function that is called. */
  readonly called?: string;
}

interface Around {
  readonly flow: Flow;
  readonly values: Values;
  /** Whether a module runs on servers alone, where nobody is signed in unless code does it. */
  readonly isServers: (module: Module) => boolean;
  /** Whether an Edge Function takes signed tokens alone. */
  readonly isVerified: (name: string) => boolean;
}

/** Every use of these reads' values as a signed token. Code that asks for the new kind has an answer for it. */
export function keyUses(reads: readonly CodeRead[], around: Around): KeyUse[] {
  return reads.flatMap((read) => new Followed(read, around).found());
}

/** Methods of a text that give the same text, but for what is around it. */
const sameText: ReadonlySet<string> = new Set(['trim', 'trimStart', 'trimEnd', 'toString', 'replace', 'replaceAll']);
/** Functions that give the text that they were given. */
const sameCalls: ReadonlySet<string> = new Set(['String', 'encodeURIComponent']);
/** What a name of an environment is only asked for by. */
const presence: ReadonlySet<string> = new Set(['has', 'hasOwn', 'hasOwnProperty', 'propertyIsEnumerable', 'call']);
const equalities: ReadonlySet<string> = new Set(['===', '==', '!==', '!=']);
/** What reads a signed token without its key, by name; from a library of these tokens alone. */
const decoders: ReadonlySet<string> = new Set(
  ['decode', 'verify', 'jwtDecode', 'jwt_decode', 'decodeJwt', 'jwtVerify', 'decodeProtectedHeader'].concat('default'),
);
/** Methods of a text that ask what it begins with, or has in it. */
const asking: ReadonlySet<string> = new Set(['startsWith', 'includes', 'indexOf', 'match', 'search']);

class Followed {
  readonly #read: CodeRead;
  readonly #around: Around;
  readonly #uses: KeyUse[] = [];
  /** Where code asks whether it has a key of the new kind. */
  readonly #kindAsked: Place[] = [];
  readonly #seen = new Set<Node>();

  constructor(read: CodeRead, around: Around) {
    this.#read = read;
    this.#around = around;
  }

  found(): KeyUse[] {
    const { site, stack, node: naming, module: namedIn } = this.#read;
    const { node, module } = site;
    if (!isAskedFor(node)) {
      const property = module.scopes.parent(node);
      const isTaken = property && module.scopes.parent(property)?.type === 'ObjectPattern';
      if (isTaken) this.#around.flow.named(node, module, stack, this.#used);
      else this.#around.flow.uses(node, module, stack, this.#used);
      // A helper that keeps what it has read, or looks in several places, gives it to whoever names it.
      if (naming !== node && naming.type === 'CallExpression') this.#around.flow.uses(naming, namedIn, [], this.#used);
    }
    const own = new Map(this.#uses.map((each) => [`${each.module.file}:${each.node.start}`, each]));
    return [...own.values()].filter((use) => !this.#kindAsked.some((asked) => isBeside(asked, use)));
  }

  readonly #used = (use: Use): void => {
    switch (use.is) {
      case 'member':
        if (typeof use.key === 'string') this.#method(use.key, use);
        return;
      case 'operand':
        this.#operand(use, use.operand);
        return;
      case 'handed':
        this.#handed(use, use.call, use.index, use.path);
        return;
      case 'lost':
        this.#filledIn(use);
        return;
      case 'listed':
        this.#listed(use, use.list, use.index);
        return;
      default:
    }
  };

  #add(use: TokenUse, { node, module }: Place, called?: string): void {
    this.#uses.push({ read: this.#read, use, node, module, ...(called !== undefined && { called }) });
  }

  /** What is the same text goes on. */
  #on(node: Node, { module, stack }: Use): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    this.#around.flow.uses(node, module, stack, this.#used);
  }

  #method(name: string, use: Use): void {
    const call = use.module.scopes.parent(use.node);
    if (call?.type !== 'CallExpression' || call.callee !== use.node) return;
    const [first] = call.arguments;
    const text = first && literalText(first);
    if (name === 'split' && text === '.') this.#add('decoded', { ...use, node: call });
    else if (first && asking.has(name)) this.#asks(first, use);
    else if (sameText.has(name)) this.#on(call, use);
  }

  /** Who asks for the new kind knows it: the place counts, and every call on the way to it. Who asks for a signed token wants one. */
  #asks(text: Node, use: Use): void {
    const { node, module, stack } = use;
    if (says(text, (each) => each.includes('sb_')))
      this.#kindAsked.push({ node, module }, ...stack.map(({ call }) => call));
    else if (says(text, (each) => each.includes('eyJ'))) this.#add('decoded', use);
  }

  #operand(use: Use, operand: Node): void {
    const { node, module, stack } = use;
    if (node.type !== 'BinaryExpression') return;
    if (equalities.has(node.operator)) {
      const other = node.left === operand ? node.right : node.left;
      if (this.#isBearers(other, module, stack, 0)) this.#add('compared', use);
    } else if (node.operator === '+' && node.right === operand) {
      const before =
        node.left.type === 'BinaryExpression' ? this.#texts(node.left.right, use) : this.#texts(node.left, use);
      if (before.some(isBearer)) this.#bearer(use);
    }
  }

  /** `${value}` in a template. */
  #filledIn(use: Use): void {
    const template = use.module.scopes.parent(use.node);
    if (template?.type !== 'TemplateLiteral') return;
    const index = template.expressions.findIndex((each) => each === use.node);
    const between = template.quasis[index]?.value.cooked ?? '';
    const earlier = template.expressions[index - 1];
    const before =
      between.trim() === '' && earlier ? this.#texts(earlier, use).map((text) => text + between) : [between];
    if (before.some(isBearer)) this.#bearer({ ...use, node: template });
    else if (template.quasis.every(({ value }) => value.raw === '')) this.#on(template, use);
  }

  /** `['Bearer', value].join(' ')` */
  #listed(use: Use, list: ListNode, index: number): void {
    const { module } = use;
    const method = module.scopes.parent(list);
    const call = method && module.scopes.parent(method);
    if (method?.type !== 'MemberExpression' || call?.type !== 'CallExpression' || call.callee !== method) return;
    if (keyText(method.property, method.computed) !== 'join') return;
    const [given] = call.arguments;
    const between = given ? literalText(given) : ',';
    const before = list.elements.slice(0, index).map((each) => `${this.#oneText(each, use)}${between ?? ''}`);
    if (isBearer(before.join(''))) this.#bearer({ ...use, node: call });
  }

  /** The text of an expression, or one that means nothing. */
  #oneText(node: Node | null, at: Use): string {
    return (node && this.#texts(node, at)[0]) ?? '?';
  }

  #texts(node: Node, { module, stack }: Use): string[] {
    return this.#around.values.of(node, module, stack).flatMap((value) => (value.is === 'text' ? value.text : []));
  }

  /** A whole bearer's header: it is sent, unless it is what a caller's is compared with. */
  #bearer({ node, module, stack }: Place & { readonly stack: Stack }): void {
    const compared = new Set<Node>();
    this.#around.flow.uses(node, module, stack, (use) => {
      if (use.is === 'operand' && use.node.type === 'BinaryExpression' && equalities.has(use.node.operator))
        compared.add(use.node);
    });
    this.#add(compared.size > 0 ? 'compared' : 'bearer', { node, module });
  }

  #handed(use: Use, call: CallNode, index: number, path: readonly string[]): void {
    if (path.length > 0) return;
    const callee = unwrapped(call.callee);
    const { module } = use;
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression'
          ? (keyText(callee.property, callee.computed) ?? '')
          : '';
    const owner = callee.type === 'MemberExpression' ? callee.object : callee;
    const from = sourceOf(owner, module);
    if (name === 'concat' && callee !== owner) {
      const before = [owner, ...call.arguments.slice(0, index)].map((each) => this.#oneText(each, use));
      if (isBearer(before.join(''))) this.#bearer({ ...use, node: call });
    } else if (index === 0) {
      if (name === 'test' && owner.type === 'Literal' && 'regex' in owner) this.#asks(owner, use);
      else if (
        name === 'atob' ||
        (isOfTokens(from?.from) && decoders.has(callee === owner ? (from?.name ?? '') : name))
      )
        this.#add('decoded', use);
      else if (name === 'setAuth') this.#add('bearer', use);
      else if (callee.type === 'Identifier' && sameCalls.has(name)) this.#on(call, use);
    }
    if (index === 1 && isOfSupabase(from?.from) && clients.has(from?.name ?? name)) this.#client(use, call);
  }

  /** A client of Supabase's sends its key as a bearer token where nobody is signed in: an Edge Function may take no key. */
  #client({ module, stack }: Use, call: CallNode): void {
    const [, , options] = call.arguments;
    if (!this.#around.isServers(module)) return;
    if (options && says(options, (text) => ['authorization', 'accesstoken'].includes(text.toLowerCase()))) return;
    const invoked: { readonly node: Node; readonly module: Module; readonly name: string }[] = [];
    const signedIn = new Set<Node>();
    this.#around.flow.uses(call, module, stack, (use) => {
      if (use.is !== 'member') return;
      const next = use.module.scopes.parent(use.node);
      const method = next?.type === 'MemberExpression' ? keyText(next.property, next.computed) : undefined;
      if (use.key === 'auth' && (method?.startsWith('signIn') === true || sessions.has(method ?? '')))
        signedIn.add(use.node);
      if (use.key !== 'functions' || method !== 'invoke' || !next) return;
      const asked = use.module.scopes.parent(next);
      if (asked?.type !== 'CallExpression' || asked.callee !== next) return;
      const [named, how] = asked.arguments;
      if (!named || (how && says(how, (text) => text.toLowerCase() === 'authorization'))) return;
      for (const text of this.#texts(named, use)) invoked.push({ node: asked, module: use.module, name: text });
    });
    if (signedIn.size > 0) return;
    for (const { name, ...place } of invoked) if (this.#around.isVerified(name)) this.#add('invoked', place, name);
  }

  /** Whether an expression is what a request has as its bearer token, as far as the text says it. */
  #isBearers(node: Node, module: Module, stack: Stack, depth: number): boolean {
    if (depth > 4) return false;
    const inner = unwrapped(node);
    if (says(inner, isAuthorization)) return true;
    if (inner.type === 'CallExpression')
      return [inner.callee, ...inner.arguments].some((each) => {
        if (each !== inner.callee) return this.#isBearers(each, module, stack, depth + 1);
        if (each.type === 'MemberExpression') return this.#isBearers(each.object, module, stack, depth + 1);
        return this.#around.values
          .of(each, module, stack)
          .some((value) => value.is === 'function' && says(value.node, isAuthorization));
      });
    if (inner.type === 'MemberExpression') return this.#isBearers(inner.object, module, stack, depth + 1);
    if (inner.type === 'LogicalExpression' || inner.type === 'ConditionalExpression')
      return childrenOf(inner).some((each) => this.#isBearers(each, module, stack, depth + 1));
    if (inner.type !== 'Identifier') return false;
    const [declared] = module.scopes.bindingOf(inner)?.declared ?? [];
    const source = declared && bindingSource(declared, module.scopes);
    if (source?.from === 'value') return source.node ? this.#isBearers(source.node, module, stack, depth + 1) : false;
    if (source?.from !== 'argument') return false;
    const at = stack.findIndex(({ of }) => of === source.of);
    const frame = stack[at];
    const given = frame?.call.given[source.index];
    return frame !== undefined && given !== undefined && frame.call.each !== true
      ? this.#isBearers(given, frame.call.module, stack.slice(at + 1), depth + 1)
      : false;
  }
}

const clients: ReadonlySet<string> = new Set(['createClient', 'createServerClient', 'SupabaseClient']);
const sessions: ReadonlySet<string> = new Set(['setSession', 'exchangeCodeForSession', 'verifyOtp']);

/** Whether a text before a value makes it a bearer token: in a header, or in an address. */
function isBearer(before: string): boolean {
  const words = before.toLowerCase();
  return (words.trimEnd().endsWith('bearer') && words !== words.trimEnd()) || words.endsWith('access_token=');
}

function isAuthorization(text: string): boolean {
  const words = text.toLowerCase();
  return words === 'authorization' || words.startsWith('bearer ') || words.startsWith('^bearer');
}

/** Whether an expression has a text, a pattern or a key in it of which this is so. */
function says(node: Node, isSo: (text: string) => boolean): boolean {
  const own =
    literalText(node) ??
    (node.type === 'Literal' && 'regex' in node ? node.regex.pattern : undefined) ??
    (node.type === 'Property' ? keyText(node.key, node.computed) : undefined);
  return (own !== undefined && isSo(own)) || childrenOf(node).some((each) => says(each, isSo));
}

/** Whether a read only asks if there is such a name. */
function isAskedFor(node: Node): boolean {
  if (node.type === 'BinaryExpression') return true;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  return presence.has(keyText(node.callee.property, node.callee.computed) ?? '');
}

/** Whether a place stands in the same function as another, or both in no function. */
function isBeside(asked: Place, use: Place): boolean {
  if (asked.module !== use.module) return false;
  const around = asked.module.scopes.functionAround(asked.node);
  if (!around) return use.module.scopes.functionAround(use.node) === undefined;
  return isFunction(around) && use.node.start >= around.start && use.node.end <= around.end;
}

/** The package that a name comes from, and what it is called there. */
function sourceOf(node: Node, module: Module): { readonly from: string; readonly name: string } | undefined {
  if (node.type !== 'Identifier') return undefined;
  const imported = module.outline.imports.find(({ local }) => local === node.name);
  if (imported) return imported;
  const [declared] = module.scopes.bindingOf(node)?.declared ?? [];
  const source = declared && bindingSource(declared, module.scopes);
  const load = source?.from === 'value' && source.node ? unwrapped(source.node) : undefined;
  if (load?.type !== 'CallExpression' || load.callee.type !== 'Identifier' || load.callee.name !== 'require')
    return undefined;
  const from = load.arguments[0] && literalText(load.arguments[0]);
  return from === undefined ? undefined : { from, name: source?.path.at(-1) ?? '*' };
}

/** Libraries of signed tokens. */
function isOfTokens(from: string | undefined): boolean {
  return from !== undefined && ['jsonwebtoken', 'jwt-decode', 'jose', 'djwt'].some((name) => from.includes(name));
}

function isOfSupabase(from: string | undefined): boolean {
  return from !== undefined && (from.includes('@supabase/') || from.includes('supabase-js'));
}
