import { dirname, relative, resolve, sep } from 'node:path';

/**
 * The folders from the bottom up. A file imports from its own layer and from those below it. `commands` and the layers above
 * it hold programs: one of `commands/NAME/` never imports another one's files.
 */
const layers = [
  ['machine', 'launch', 'workflows'],
  ['detection', 'files'],
  // One domain: the settings know the places, a place knows its service, and the vault reads what the settings name.
  ['settings', 'places', 'secrets', 'services', 'audit'],
  ['engine', 'guards', 'readers', 'protection'],
  ['components', 'policies', 'toolchain', 'cli'],
  ['adoption', 'alerts', 'incidents', 'leaks', 'localEnvironment', 'recovery', 'deploys', 'rotation'],
  ['killSwitch'],
  ['commands'],
  ['sandbox'],
  ['bench', 'test'],
];

const layerOf = (folder) => layers.findIndex((names) => names.includes(folder));

/** Refuses an import that points up, or from one command to another. */
export const layersRule = {
  meta: { type: 'problem', schema: [], messages: { up: '{{problem}}' } },
  create(context) {
    const from = relative(context.cwd, context.filename).split(sep);
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string' || !source.startsWith('.')) return;
      const to = relative(context.cwd, resolve(dirname(context.filename), source)).split(sep);
      if (from.length === 1 || to.length === 1) return;
      const [here, there] = [layerOf(from[0]), layerOf(to[0])];
      const unknown = here === -1 ? from[0] : there === -1 ? to[0] : undefined;
      const isOther = from[0] === 'commands' && to[0] === 'commands' && from[1] !== to[1];
      if (unknown !== undefined) report(node, `${unknown}/ has no layer yet: name it in eslint.layers.mjs.`);
      else if (there > here) report(node, `${from[0]}/ is below ${to[0]}/: imports point down.`);
      else if (isOther)
        report(
          node,
          `A command never imports another one (${to[1]}): move what both need into a folder beside commands/.`,
        );
    };
    const report = (node, problem) => context.report({ node, messageId: 'up', data: { problem } });
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
