import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import type { Described, Program } from './bareProgram.ts';

/** An npm script that runs an entry of this project. */
export interface Script {
  readonly name: string;
  /** Such as `commands/deploy/command.ts`. */
  readonly entry: string;
  /** The verb that it calls, such as `trigger`. */
  readonly verb: string | undefined;
}

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

/** The npm scripts that run this project's commands, in their order. */
export function commandScripts(root: string): Script[] {
  const { scripts } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return Object.entries(scripts).flatMap(([name, script]) => {
    const [node, launcher, entry, verb] = script.split(' ');
    return node === 'node' && launcher === 'launch/command.mjs' && entry !== undefined ? [{ name, entry, verb }] : [];
  });
}

/** How the files of commands are named; another script would run when it is loaded. */
const programs = ['command.ts', 'run.ts', 'start.ts'];

/** What loads a CommonJS module by its path. */
type Load = (file: string) => unknown;

/** The definition of each entry that package.json names, by the entry. Loads the commands as bundles; runs none. */
export async function definitions(
  root: string,
  load: Load = createRequire(join(root, 'package.json')),
): Promise<ReadonlyMap<string, Described>> {
  const bundler = load(join(root, 'launch', 'bundle.cjs'));
  if (!isBundler(bundler)) throw new Error('launch/bundle.cjs has no bundle().');
  const found = new Map<string, Described>();
  for (const { entry } of commandScripts(root)) {
    if (found.has(entry) || !programs.some((name) => entry.endsWith(`/${name}`))) continue;
    const loaded = load(bundler.bundle(entry));
    if (isEntry(loaded)) found.set(entry, await loaded.command.describe());
  }
  return found;
}

function isBundler(value: unknown): value is { readonly bundle: (entry: string) => string } {
  return hasOwn(value, 'bundle') && typeof value.bundle === 'function';
}

function isEntry(value: unknown): value is { readonly command: Pick<Program, 'describe'> } {
  return hasOwn(value, 'command') && hasOwn(value.command, 'describe') && typeof value.command.describe === 'function';
}

function hasOwn<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === 'object' && value !== null && name in value;
}
