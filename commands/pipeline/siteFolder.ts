import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of no package of the repository's own. */
const passed = new Set(['node_modules', 'dist', 'build', 'out', 'coverage']);

function* below(folder: string, relative: string, depth: number): Generator<string> {
  if (existsSync(join(folder, relative, 'netlify.toml'))) yield relative;
  if (depth === 0) return;
  for (const entry of readdirSync(join(folder, relative), { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || passed.has(entry.name)) continue;
    yield* below(folder, relative === '' ? entry.name : `${relative}/${entry.name}`, depth - 1);
  }
}

/**
 * The folder of the site's netlify.toml, from the repository's root: the root's own, else that of the one package that
 * has one; the root where none has. Errors: several packages with one, and `site` names none of them.
 */
export function siteFolderOf(folder: string, site: string | undefined): string {
  if (site !== undefined) {
    const trimmed = site.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/+$/, '');
    if (existsSync(join(folder, trimmed))) return trimmed === '.' ? '' : trimmed;
    throw new Error(`The application has no folder ${site}.`);
  }
  if (existsSync(join(folder, 'netlify.toml'))) return '';
  const found = [...below(folder, '', 3)];
  if (found.length <= 1) return found[0] ?? '';
  throw new Error(
    `Several folders have a netlify.toml: ${found.join(', ')}. Say which is staging's: --site ${found[0] ?? ''}`,
  );
}
