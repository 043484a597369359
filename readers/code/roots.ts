import type { Call } from './calls.ts';
import type { Flow, Use } from './flow.ts';
import type { Module } from './module.ts';
import { loadedText, type Node } from './syntax.ts';

/** By what a program asks for its environment. */
export type Means = 'process.env' | 'import.meta.env' | 'Deno.env' | 'Netlify.env' | 'loadEnv';

/** What comes of an environment: it is used as an object of names, or a function is called with a name. */
export interface EnvironmentUses {
  readonly object: (use: Use, means: Means) => void;
  readonly asked: (call: Call, use: Use, means: Means) => void;
  /** What is asked for names goes where nobody can follow it. */
  readonly unseen: (use: Use, means: Means) => void;
}

/** Where an environment hangs below a global, by its form: an object of names, or one that is asked (`get`). */
const objects: readonly { readonly global: string; readonly path: readonly string[]; readonly means: Means }[] = [
  { global: 'process', path: ['env'], means: 'process.env' },
  { global: 'Bun', path: ['env'], means: 'process.env' },
];
const askers: readonly { readonly global: string; readonly path: readonly string[]; readonly means: Means }[] = [
  { global: 'Deno', path: ['env'], means: 'Deno.env' },
  { global: 'Netlify', path: ['env'], means: 'Netlify.env' },
];

/** Node's own module of the process. */
const processModules = new Set(['process', 'node:process']);

/** The names of the global object itself. */
const globalObjects = ['globalThis', 'global', 'window', 'self'];

/** Everything that a module does with the environments that it reaches by itself, wherever they go from there. */
export function followEnvironments(module: Module, flow: Flow, uses: EnvironmentUses): void {
  const { scopes } = module;
  const object = (node: Node, path: readonly string[], means: Means) =>
    flow.uses(node, module, [], (use) => uses.object(use, means), path);
  const asker = (node: Node, path: readonly string[], means: Means) => {
    const isGlobalObject = path.length > 1;
    const other = (use: Use) => {
      // The global object goes everywhere, and hardly ever for its environment.
      if (!isGlobalObject && (use.is === 'handed' || use.is === 'lost')) uses.unseen(use, means);
    };
    for (const method of ['get', 'has']) {
      const asked = (use: Use) => {
        if (use.is === 'called') uses.asked(use.call, use, means);
        else other(use);
      };
      flow.uses(node, module, [], asked, [...path, method]);
    }
    const copied = (use: Use) => {
      if (use.is !== 'called') other(use);
      else flow.uses(use.node, use.module, use.stack, (inner) => uses.object(inner, means));
    };
    flow.uses(node, module, [], copied, [...path, 'toObject']);
  };
  for (const [known, follow] of [[objects, object] as const, [askers, asker] as const])
    for (const { global, path, means } of known) {
      for (const node of scopes.globals(global)) follow(node, path, means);
      for (const name of globalObjects) for (const node of scopes.globals(name)) follow(node, [global, ...path], means);
    }
  // CommonJS, and `import(…)`: the module itself, or its default.
  for (const load of scopes.loads)
    if (processModules.has(loadedText(load) ?? ''))
      for (const path of [['env'], ['default', 'env']]) object(load, path, 'process.env');
  for (const meta of scopes.metas) object(meta, ['env'], 'import.meta.env');
  for (const { from, name, local } of module.outline.imports) {
    if (!processModules.has(from) && from !== 'vite') continue;
    const binding = scopes.top(local);
    const places = binding ? scopes.uses(binding) : [];
    if (from !== 'vite') for (const node of places) object(node, name === 'env' ? [] : ['env'], 'process.env');
    // Vite's own: what it answers is an environment.
    if (from === 'vite' && name === 'loadEnv')
      for (const node of places) {
        const call = scopes.parent(node);
        if (call?.type === 'CallExpression' && call.callee === node) object(call, [], 'loadEnv');
      }
  }
}
