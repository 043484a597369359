import { parseSync, type Comment, type ParseResult, type Program } from 'oxc-parser';
import { Scopes } from './scopes.ts';

/** One name that a module takes from another: `*` is all of it as one object, `default` its default. */
export interface Imported {
  readonly from: string;
  readonly name: string;
  readonly local: string;
}

/** One name that a module gives away: of its own (`local`), or handed on `from` another module (`name` there). */
export interface Exported {
  readonly as: string;
  readonly local?: string;
  readonly from?: string;
  /** `*` is the whole other module. */
  readonly name?: string;
}

/** One source file of the application. */
export class Module {
  /** Relative to the application, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly imports: readonly Imported[];
  readonly exports: readonly Exported[];
  /** What it loads by `import` and `export … from`. */
  readonly specifiers: readonly string[];
  /** What it loads by `import(…)` with a plain text. */
  readonly dynamic: readonly string[];
  /** The first thing that is no code, if any. */
  readonly problem: { readonly message: string; readonly at: number } | undefined;
  readonly #parsed: ParseResult;
  #scopes: Scopes | undefined;
  #lines: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#parsed = parseSync(file, text, { preserveParens: false, ...(isFlowless(file) && { lang: 'tsx' }) });
    const { module, errors } = this.#parsed;
    const [error] = errors;
    this.problem = error && { message: error.message, at: error.labels[0]?.start ?? 0 };
    this.imports = module.staticImports.flatMap(({ moduleRequest, entries }) =>
      entries
        .filter(({ isType }) => !isType)
        .map(({ importName, localName }) => ({
          from: moduleRequest.value,
          name: nameOf(importName),
          local: localName.value,
        })),
    );
    this.exports = module.staticExports.flatMap(({ entries }) =>
      entries
        .filter(({ isType }) => !isType)
        .map(({ moduleRequest, importName, exportName, localName }) => ({
          as: nameOf(exportName),
          ...(moduleRequest
            ? { from: moduleRequest.value, name: nameOf(importName) }
            : { local: localName.name ?? 'default' }),
        })),
    );
    this.specifiers = [
      ...module.staticImports
        // An import of types alone is gone when the program runs.
        .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
        .map(({ moduleRequest }) => moduleRequest.value),
      ...this.exports.flatMap(({ from }) => from ?? []),
    ];
    this.dynamic = module.dynamicImports.flatMap(
      ({ moduleRequest: { start, end } }) => plain(text.slice(start, end)) ?? [],
    );
  }

  /** Whether it may be CommonJS, or load such a module. */
  get requires(): boolean {
    return this.text.includes('require(');
  }

  get program(): Program {
    return this.#parsed.program;
  }

  get comments(): readonly Comment[] {
    return this.#parsed.comments;
  }

  get scopes(): Scopes {
    this.#scopes ??= new Scopes(this.program);
    return this.#scopes;
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

/** Plain JavaScript may hold JSX, whatever its file is called. */
function isFlowless(file: string): boolean {
  return file.endsWith('.js');
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
