import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { projectRoot } from '../../settings/stack/projectRoot.ts';
import { Random } from '../../test/detection/corpus/random.ts';
import { writeTree } from './tree.ts';

function milliseconds(program: string, args: readonly string[], cwd: string): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd, env: childEnvironment('local'), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return performance.now() - begin;
}

/** What the pre-commit hook takes over twenty staged files, and what Node takes to start, in milliseconds, in turn. */
export function measureHook(folder: string, rounds: number): { readonly hook: number[]; readonly node: number[] } {
  const root = projectRoot();
  const node = join(root, 'node_modules', '.bin', 'node');
  writeTree(folder, 20, new Random(1));
  writeFileSync(join(folder, 'index.ts'), 'export const key = process.env.API_KEY;\n');
  milliseconds('git', ['init', '--quiet'], folder);
  milliseconds('git', ['add', '--all'], folder);
  const scan = [join(root, 'launch', 'command.mjs'), 'commands/scan/command.ts', '--staged', '--no-vault'];
  milliseconds(node, scan, folder); // bundles, and fills the compile cache
  const result = { hook: [] as number[], node: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    result.node.push(milliseconds(node, ['-e', '0'], folder));
    result.hook.push(milliseconds(node, scan, folder));
  }
  return result;
}
