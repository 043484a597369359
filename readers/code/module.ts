import { parse, parseSync, type Comment, type ParseResult, type ParserOptions, type Program } from 'oxc-parser';
import { hasWord, mentionsEnvironment } from './words.ts';
import { isComponent } from '../files/component.ts';
import { Scopes } from './scopes.ts';

/** One name that a module takes from another: `*` is all of it as one object, `default` its default. */
interface Imported {
  readonly from: string;
  readonly name: string;
  readonly local: string;
}

/** One name that a module gives away: of its own (`local`), or handed on `from` another module (`name` there). */
interface Exported {
  readonly as: string;
  readonly local?: string;
  readonly from?: string;
  /** `*` is the whole other module. */
  readonly name?: string;
}

/** What a module says about others, and whether it is code at all. */
interface Outline {
  readonly imports: readonly Imported[];
  readonly exports: readonly Exported[];
  /** What it loads by `import` and `export … from`. */
  readonly specifiers: readonly string[];
  /** What it loads by `import(…)` with a plain text. */
  readonly dynamic: readonly string[];
  /** The first thing that is no code, if any. */
  readonly problem: { readonly message: string; readonly at: number } | undefined;
}

/** One source file of the application. It is parsed when somebody asks what is in it, or ahead by {@link prepare}. */
export class Module {
  /** Relative to the application, with `/`. */
  readonly file: string;
  readonly text: string;
  /** Whether it may load others of the application by `require`. */
  readonly requires: boolean;
  /** Whether it may speak of an environment by itself. */
  readonly mentionsEnvironment: boolean;
  #parsed: ParseResult | undefined;
  #outline: Outline | undefined;
  #scopes: Scopes | undefined;
  #lines: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.requires = requireWords.some((word) => text.includes(word));
    this.mentionsEnvironment = mentionsEnvironment(text);
  }

  /** Parses it on another thread, so that many files take as long as the machine's cores need; then walks it, if asked. */
  async prepare(walk = false): Promise<void> {
    this.#parsed ??= await parse(this.file, this.text, optionsFor(this.file, this.text));
    if (walk) this.#scopes ??= new Scopes(this.program);
  }

  get isParsed(): boolean {
    return this.#parsed !== undefined;
  }

  get outline(): Outline {
    this.#outline ??= outlineOf(this.#result, this.text);
    return this.#outline;
  }

  get program(): Program {
    return this.#result.program;
  }

  get comments(): readonly Comment[] {
    return this.#result.comments;
  }

  get scopes(): Scopes {
    this.#scopes ??= new Scopes(this.program);
    return this.#scopes;
  }

  get #result(): ParseResult {
    this.#parsed ??= parseSync(this.file, this.text, optionsFor(this.file, this.text));
    return this.#parsed;
  }

  /** Line and column of an offset, from 1. */
  place(offset: number): { readonly line: number; readonly column: number } {
    this.#lines ??= lineStarts(this.text);
    const lines = this.#lines;
    let [low, high] = [0, lines.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** How `require` of a file of one's own begins. */
const requireWords = ["require('.", 'require(".', 'require(`.', "require('@", 'require("@'];

/** Where TypeScript's own part of a tree matters: `declare` makes no name, a constructor's parameter may be a field. */
const typeWords = ['declare', 'constructor'];

function optionsFor(file: string, text: string): ParserOptions {
  return {
    preserveParens: false,
    // Without what TypeScript alone knows of a node, a tree is a quarter smaller.
    astType: typeWords.some((word) => hasWord(text, word)) ? 'ts' : 'js',
    // Plain JavaScript may hold JSX, and types of a tool's.
    ...(file.endsWith('.js') && { lang: 'tsx' }),
    ...(isComponent(file) && { lang: 'ts' }),
  };
}

function outlineOf({ module, errors }: ParseResult, text: string): Outline {
  const [error] = errors;
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries
      .filter(({ isType }) => !isType)
      .map(({ moduleRequest, importName, exportName, localName }) => ({
        as: nameOf(exportName),
        ...(moduleRequest
          ? { from: moduleRequest.value, name: nameOf(importName) }
          : { local: localName.name ?? 'default' }),
      })),
  );
  return {
    problem: error && { message: error.message, at: error.labels[0]?.start ?? 0 },
    imports: module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries
        .filter(({ isType }) => !isType)
        .map(({ importName, localName }) => ({
          from: moduleRequest.value,
          name: nameOf(importName),
          local: localName.value,
        })),
    ),
    exports,
    specifiers: [
      ...module.staticImports
        // An import of types alone is gone when the program runs.
        .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
        .map(({ moduleRequest }) => moduleRequest.value),
      ...exports.flatMap((each) => ('from' in each ? [each.from] : [])),
    ],
    dynamic: module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => plain(text.slice(start, end)) ?? []),
  };
}

/** The text between quotes, where that is all there is. */
function plain(source: string): string | undefined {
  const quote = source[0];
  const inner = source.slice(1, -1);
  if ((quote !== '"' && quote !== "'" && quote !== '`') || source.at(-1) !== quote) return undefined;
  return inner.includes(quote) || inner.includes('${') || inner.includes('\\') ? undefined : inner;
}

/** A name as an import or export says it: `default`, or `*` for a whole module. */
function nameOf({ kind, name }: { readonly kind: string; readonly name: string | null }): string {
  return name ?? (kind === 'Default' ? 'default' : '*');
}
