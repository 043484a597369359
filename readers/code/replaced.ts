import { posix } from 'node:path';
import type { Project } from './project.ts';
import { childrenOf, keyText, type Node } from './syntax.ts';

/** What Vite's `define` names begin with. */
const prefixes = ['import.meta.env.', 'process.env.'];

/** The names that Vite's `define` puts something else in the place of: the bundle does not read them. */
export function replacedNames(project: Project): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (node: Node): void => {
    if (node.type === 'Property') {
      const key = keyText(node.key, node.computed) ?? '';
      for (const prefix of prefixes) if (key.startsWith(prefix)) found.add(key.slice(prefix.length));
    }
    for (const child of childrenOf(node)) walk(child);
  };
  for (const module of project.modules.values())
    if (posix.basename(module.file).startsWith('vite.config.')) walk(module.program);
  return found;
}
