import { posix } from 'node:path';
import { componentCode, isComponent } from '../files/component.ts';
import type { Files } from '../files/listed.ts';
import { loadedText, type Node } from './syntax.ts';
import { Module } from './module.ts';
import { isCode, Resolver } from './resolve.ts';
import { isTest } from './tests.ts';

/** One place where another module takes something from a module. */
export interface Taking {
  readonly by: Module;
  /** Under which name it gives it away; `*`: all of it as one object. */
  readonly name: string;
  /** The name in the taking module; `undefined` when it only hands it on. */
  readonly local?: string;
  /** Under which name it hands it on; `*`: everything under its own name. */
  readonly as?: string;
}

/** The application's code: its modules, and how they take from each other. */
export class Project {
  readonly modules: ReadonlyMap<string, Module>;
  readonly #resolver: Resolver;
  readonly #resolved = new Map<string, string | undefined>();
  #loading: Module[] | undefined;
  readonly #unread = new Set<Module>();
  readonly #takings = new Map<string, Taking[]>();
  readonly #loaded = new Map<Module, readonly Module[]>();

  private constructor(files: Files, modules: ReadonlyMap<string, Module>) {
    this.#resolver = new Resolver(files);
    this.modules = modules;
    for (const module of modules.values())
      if (module.isParsed) this.#takingsBy(module);
      else this.#unread.add(module);
  }

  /**
   * The code below a folder. Tests that speak of no environment are left unread until somebody asks who takes something
   * from a module whose name they write.
   */
  static async of(files: Files): Promise<Project> {
    const parsed: Promise<void>[] = [];
    const modules = files.all.filter(isCode).flatMap((file) => {
      const text = files.text(file);
      if (text === undefined) return [];
      const module = new Module(file, isComponent(file) ? componentCode(file, text) : text);
      const reads = module.mentionsEnvironment;
      // Other threads parse while this one reads on, and walks what they have parsed.
      if (reads || !isTest(file)) parsed.push(module.prepare(reads));
      return [module];
    });
    await Promise.all(parsed);
    return new Project(files, new Map(modules.map((module) => [module.file, module])));
  }

  /** The module that `specifier` means in `from`. */
  resolve(from: Module, specifier: string): Module | undefined {
    const key = `${from.file}\0${specifier}`;
    if (!this.#resolved.has(key)) this.#resolved.set(key, this.#resolver.resolve(specifier, from.file));
    const file = this.#resolved.get(key);
    return file === undefined ? undefined : this.modules.get(file);
  }

  /** Who takes something from a module by an import, or hands it on. */
  takings(of: Module): readonly Taking[] {
    const { name, dir } = posix.parse(of.file);
    const word = name === 'index' ? posix.basename(dir) : name;
    for (const module of this.#unread)
      if (module.text.includes(word)) {
        this.#unread.delete(module);
        this.#takingsBy(module);
      }
    return this.#takings.get(of.file) ?? [];
  }

  /** Everything that a module loads of this application, by any way. */
  loaded(by: Module): readonly Module[] {
    const known = this.#loaded.get(by);
    if (known) return known;
    const required = by.requires ? by.scopes.loads.flatMap((load) => loadedText(load) ?? []) : [];
    const found = [...by.outline.specifiers, ...by.outline.dynamic, ...required].flatMap(
      (specifier) => this.resolve(by, specifier) ?? [],
    );
    this.#loaded.set(by, found);
    return found;
  }

  /** The module that an `import(…)` or a `require(…)` loads. */
  loadedBy(load: Node, where: Module): Module | undefined {
    const specifier = loadedText(load);
    return specifier === undefined ? undefined : this.resolve(where, specifier);
  }

  /** The places where a module is loaded as one object, by `import(…)` or `require(…)`. */
  loads(of: Module): { readonly by: Module; readonly load: Node }[] {
    this.#loading ??= [...this.modules.values()].filter(
      (by) => by.requires || (by.isParsed && by.outline.dynamic.length > 0),
    );
    return this.#loading
      .filter((by) => by.requires || by.outline.dynamic.some((specifier) => this.resolve(by, specifier) === of))
      .flatMap((by) => by.scopes.loads.filter((load) => this.loadedBy(load, by) === of).map((load) => ({ by, load })));
  }

  #takingsBy(module: Module): void {
    for (const { from, name, local } of module.outline.imports) this.#take(module, from, { by: module, name, local });
    for (const { from, name = '*', as } of module.outline.exports)
      if (from !== undefined) this.#take(module, from, { by: module, name, as });
  }

  #take(module: Module, specifier: string, taking: Taking): void {
    const target = this.resolve(module, specifier);
    if (!target) return;
    const list = this.#takings.get(target.file);
    if (list) list.push(taking);
    else this.#takings.set(target.file, [taking]);
  }
}
