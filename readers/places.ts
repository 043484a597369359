import { posix } from 'node:path';
import { Parser } from 'htmlparser2';
import type { Module } from './code/module.ts';
import type { Project } from './code/project.ts';
import type { Means } from './code/roots.ts';
import { isTest } from './code/tests.ts';
import type { Files } from './files/listed.ts';
import type { NetlifyFile } from './files/netlify.ts';
import type { Command } from './files/workflow.ts';
import { scriptLines, shellReads } from './files/shell.ts';
import type { ReaderPlace } from './readers.ts';

/** What the places of the code are found by, besides the code. */
export interface Entries {
  readonly files: Files;
  readonly project: Project;
  /** Each netlify.toml by its folder. */
  readonly netlify: readonly (NetlifyFile & { readonly folder: string })[];
  /** Command lines of workflows, with the folder that each runs in. */
  readonly commands: readonly Command[];
}

/** Who runs each module: a module runs wherever one does that loads it. */
export type Places = ReadonlyMap<Module, ReadonlySet<ReaderPlace>>;

/** Finds who runs which module, from the application's entries through everything that they load. */
export function placesOf({ files, project, netlify, commands }: Entries): Places {
  const run = commandFiles(files, commands);
  const pages = new Set(files.all.filter((file) => file.endsWith('.html')).flatMap((file) => pageScripts(files, file)));
  const loaded = new Set<Module>();
  for (const module of project.modules.values())
    if (!isTest(module.file)) for (const target of project.loaded(module)) loaded.add(target);

  const places = new Map<Module, Set<ReaderPlace>>();
  const reach = (module: Module, place: ReaderPlace) => {
    const known = places.get(module) ?? new Set();
    if (known.has(place)) return;
    places.set(module, known.add(place));
    // What tests load is read for nothing, where no test is asked for.
    if (module.isParsed) for (const target of project.loaded(module)) reach(target, place);
  };
  const functions = netlify.flatMap(({ folder, base, functions: own, edgeFunctions }) =>
    [own, edgeFunctions].flatMap((each) => [posix.join(folder, each), posix.join(folder, base, each)]),
  );
  const folders = [...functions, 'netlify/functions', 'netlify/edge-functions'].map((folder) => `${folder}/`);
  for (const module of project.modules.values()) {
    const { file } = module;
    if (isTest(file)) reach(module, 'test');
    else if (folders.some((folder) => file.startsWith(folder))) reach(module, 'netlifyFunction');
    else if (isEdgeEntry(file)) reach(module, 'edgeFunction');
    else if (pages.has(file)) reach(module, 'build');
    else if (isConfiguration(file)) reach(module, configurationPlace(file));
    else if (run.has(file) || isScript(file) || (!loaded.has(module) && !isSource(file))) reach(module, 'script');
  }
  return places;
}

/** The places of a read: where its module runs, as far as the means work there. */
export function placesOfRead(places: ReadonlySet<ReaderPlace> | undefined, means: Means): ReaderPlace[] {
  const all = [...(places ?? [])];
  const real = all.length > 1 ? all.filter((place) => place !== 'test') : all; // its tests run it as it runs elsewhere
  const fitting = real.filter((place) => works[means].has(place));
  if (fitting.length > 0) return fitting;
  // Code for another place that this application's entries do not take there.
  return real.length === 0 ? ['unused'] : means === 'process.env' || means === 'loadEnv' ? real : ['unused'];
}

/** `process.env` in a browser is nothing; where the same code runs elsewhere too, it is meant for there. */
const works: Readonly<Record<Means, ReadonlySet<ReaderPlace>>> = {
  'process.env': new Set(['netlifyFunction', 'edgeFunction', 'script', 'test']),
  'import.meta.env': new Set(['build', 'test']),
  // Netlify's edge functions run on Deno.
  'Deno.env': new Set(['edgeFunction', 'netlifyFunction', 'script', 'test']),
  'Netlify.env': new Set(['netlifyFunction', 'test']),
  loadEnv: new Set(['build', 'test', 'script']),
};

/** A function of Supabase: the entry of each folder; what begins with `_` is shared code. */
export function isEdgeEntry(file: string): boolean {
  const [, below] = file.split('supabase/functions/');
  if (below === undefined || below.startsWith('_')) return false;
  const [, name, ...deeper] = below.split('/');
  return name !== undefined && deeper.length === 0 && posix.parse(name).name === 'index';
}

function isConfiguration(file: string): boolean {
  const { name } = posix.parse(file);
  return name.endsWith('.config') && !file.includes('/src/');
}

function configurationPlace(file: string): ReaderPlace {
  const [tool = ''] = posix.basename(file).split('.');
  return ['eslint', 'prettier', 'commitlint', 'knip', 'lint-staged', 'release'].includes(tool) ? 'script' : 'build';
}

function isScript(file: string): boolean {
  return file
    .split('/')
    .slice(0, -1)
    .some((part) => part === 'scripts' || part === 'bin');
}

/** Code below a source folder, which does nothing until something loads it. */
function isSource(file: string): boolean {
  return file
    .split('/')
    .slice(0, -1)
    .some((part) => ['src', 'app', 'lib', 'functions'].includes(part));
}

/** The files that the scripts of each package.json and the workflows' commands name. */
function commandFiles(files: Files, commands: readonly Command[]): Set<string> {
  const lines = files.all
    .filter((file) => posix.basename(file) === 'package.json')
    .flatMap((file) =>
      scriptLines(files.text(file) ?? '').map(({ command }) => ({ folder: posix.dirname(file), text: command })),
    );
  return new Set(
    [...lines, ...commands].flatMap(({ folder, text }) =>
      shellReads(text)
        .words.map((word) => posix.join(folder, word))
        .filter((file) => files.has(file)),
    ),
  );
}

/** The scripts that a page loads by itself. */
function pageScripts(files: Files, page: string): string[] {
  const found: string[] = [];
  const parser = new Parser({
    onopentag(name, { src }) {
      if (name !== 'script' || src === undefined) return;
      const file = src.startsWith('/')
        ? posix.join(posix.dirname(page), src.slice(1))
        : posix.join(posix.dirname(page), src);
      if (files.has(file)) found.push(file);
    },
  });
  parser.end(files.text(page) ?? '');
  return found;
}
