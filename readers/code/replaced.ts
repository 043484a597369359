import { posix } from 'node:path';
import type { Module } from './module.ts';
import type { Project } from './project.ts';
import type { Means } from './roots.ts';
import { childrenOf, keyText, type Node } from './syntax.ts';

/** What Vite's `define` names begin with, by the means of a read. */
const prefixes = new Map<Means, string>([
  ['import.meta.env', 'import.meta.env.'],
  ['process.env', 'process.env.'],
]);

/** The names that Vite's `define` puts something else in the place of: the bundle does not read them. */
export class ReplacedNames {
  readonly #names = new Set<string>();
  /** Vite's own settings, with what they load: nothing is replaced there. */
  readonly #settings = new Set<Module>();

  constructor(project: Project) {
    for (const module of project.modules.values())
      if (posix.basename(module.file).startsWith('vite.config.')) {
        this.#walk(module.program);
        this.#load(module, project);
      }
  }

  /** Whether a read in a module is replaced when the bundle is made. */
  has(name: string, means: Means, module: Module): boolean {
    if (means === 'process.env' && this.#settings.has(module)) return false;
    const prefix = prefixes.get(means);
    return prefix !== undefined && this.#names.has(prefix + name);
  }

  #walk(node: Node): void {
    const key = node.type === 'Property' ? keyText(node.key, node.computed) : undefined;
    if (key !== undefined) this.#names.add(key);
    for (const child of childrenOf(node)) this.#walk(child);
  }

  #load(module: Module, project: Project): void {
    if (this.#settings.has(module)) return;
    this.#settings.add(module);
    for (const target of project.loaded(module)) this.#load(target, project);
  }
}
