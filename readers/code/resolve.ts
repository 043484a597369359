import { posix } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import { z } from 'zod';
import { isComponent } from '../files/component.ts';
import type { Files } from '../files/listed.ts';

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** TypeScript lets an import name the file that will be there after compilation. */
const sources: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs'],
  '.cjs': ['.cts', '.cjs'],
};

/** Whether a file is code that this reads. */
export function isCode(file: string): boolean {
  if (isComponent(file)) return true;
  return extensions.some((extension) => file.endsWith(extension)) && !/\.d\.[cm]?ts$/.test(file);
}

const mapping = z.record(z.string(), z.unknown()).catch({});
const tsconfig = z.object({
  extends: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .catch(undefined),
  compilerOptions: z.object({ baseUrl: z.string().optional(), paths: mapping.optional() }).catch({}).optional(),
});
const denoConfig = z.object({ imports: mapping.optional(), importMap: z.string().optional() });
const manifest = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  imports: mapping.optional(),
  exports: z.unknown().optional(),
});

/** A chain of settings that extend others is not longer. */
const longestChain = 8;

/** One way in which a name of an import stands for files: everything that begins (and ends) so. */
interface Alias {
  readonly before: string;
  /** `undefined`: the name must be exactly `before`. */
  readonly after: string | undefined;
  readonly targets: readonly string[];
}

/** Finds the file that an import means, by the application's own settings, without running or installing anything. */
export class Resolver {
  readonly #files: Files;
  readonly #aliases = new Map<string, readonly Alias[]>();
  readonly #packages: readonly {
    readonly name: string;
    readonly folder: string;
    readonly main: string | undefined;
    readonly exports: readonly Alias[];
  }[];

  constructor(files: Files) {
    this.#files = files;
    this.#packages = files.all
      .filter((file) => posix.basename(file) === 'package.json')
      .flatMap((file) => {
        const { name, main, exports } = this.#read(file, manifest) ?? {};
        const folder = posix.dirname(file);
        return name === undefined ? [] : [{ name, main, folder, exports: exportsOf(name, folder, exports) }];
      });
  }

  /** The file that `specifier` means in `from`; `undefined` for a package, and for what is not there. */
  resolve(specifier: string, from: string): string | undefined {
    const [plain = specifier] = specifier.split(/(?<=.)[?#]/); // Vite's `?raw` and its like
    if (plain.startsWith('.')) return this.#file(posix.join(posix.dirname(from), plain));
    if (plain.startsWith('/')) return this.#file(plain.slice(1));
    for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
      for (const alias of this.#aliasesIn(folder)) {
        const found = this.#byAlias(alias, plain);
        if (found !== undefined) return found;
      }
      if (folder === '.' || folder === '/') break;
    }
    return this.#byPackage(plain);
  }

  #byAlias({ before, after, targets }: Alias, specifier: string): string | undefined {
    const fits =
      after === undefined
        ? specifier === before
        : specifier.length >= before.length + after.length && specifier.startsWith(before) && specifier.endsWith(after);
    if (!fits) return undefined;
    const rest = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
    for (const target of targets) {
      const found = this.#file(posix.normalize(target.replace('*', () => rest)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A package of this repository (a workspace), by its name. */
  #byPackage(specifier: string): string | undefined {
    for (const { name, folder, main, exports } of this.#packages) {
      if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
      for (const alias of exports) {
        const found = this.#byAlias(alias, specifier);
        if (found !== undefined) return found;
      }
      const rest = specifier.slice(name.length + 1);
      const tries = rest === '' ? ['src/index', main ?? '', 'index'] : [rest, `src/${rest}`];
      for (const each of tries) {
        const found = each === '' ? undefined : this.#file(posix.join(folder, each));
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  #file(path: string): string | undefined {
    if (isCode(path) && this.#files.has(path)) return path;
    for (const each of triesFor(path)) if (this.#files.has(each)) return each;
    return undefined;
  }

  #aliasesIn(folder: string): readonly Alias[] {
    const known = this.#aliases.get(folder);
    if (known) return known;
    const made = [
      ...['tsconfig.json', 'tsconfig.app.json', 'tsconfig.base.json', 'jsconfig.json'].flatMap((name) =>
        this.#ofTsconfig(folder, name),
      ),
      ...['deno.json', 'deno.jsonc', 'import_map.json'].flatMap((name) => this.#ofDeno(folder, name)),
      ...this.#ofManifest(folder),
    ];
    this.#aliases.set(folder, made);
    return made;
  }

  #ofTsconfig(folder: string, name: string, depth = 0): Alias[] {
    const { compilerOptions: options, extends: above } = this.#read(posix.join(folder, name), tsconfig) ?? {};
    // Its own names come first; of those that it extends, the last one wins.
    const inherited = (typeof above === 'string' ? [above] : (above ?? [])).toReversed().flatMap((each) => {
      const file = depth < longestChain ? this.#settingsFile(each, folder) : undefined;
      return file === undefined ? [] : this.#ofTsconfig(posix.dirname(file), posix.basename(file), depth + 1);
    });
    const base = posix.join(folder, options?.baseUrl ?? '.');
    const paths = Object.entries(options?.paths ?? {}).map(([pattern, targets]) =>
      aliasOf(pattern, texts(targets), base),
    );
    if (options?.baseUrl === undefined) return [...paths, ...inherited];
    return [...paths, ...inherited, { before: '', after: '', targets: [posix.join(base, '*')] }];
  }

  /** The file of settings that others extend: beside them, or in a package of this repository. */
  #settingsFile(named: string, folder: string): string | undefined {
    const own = named.startsWith('.') ? [posix.join(folder, named)] : [];
    const shared = this.#packages
      .filter(({ name }) => named === name || named.startsWith(`${name}/`))
      .map((each) => posix.join(each.folder, named.slice(each.name.length)));
    return [...own, ...shared]
      .flatMap((path) => [path, `${path}.json`, posix.join(path, 'tsconfig.json')])
      .find((path) => path.endsWith('.json') && this.#files.has(path));
  }

  #ofDeno(folder: string, name: string): Alias[] {
    const config = this.#read(posix.join(folder, name), denoConfig);
    if (config?.importMap !== undefined && name !== 'import_map.json') {
      const map = posix.join(folder, config.importMap);
      return this.#ofDeno(posix.dirname(map), posix.basename(map));
    }
    return Object.entries(config?.imports ?? {}).map(([key, target]) => {
      const [first = ''] = texts(target);
      return key.endsWith('/')
        ? { before: key, after: '', targets: [posix.join(folder, `${first}*`)] }
        : { before: key, after: undefined, targets: [posix.join(folder, first)] };
    });
  }

  #ofManifest(folder: string): Alias[] {
    const imports = this.#read(posix.join(folder, 'package.json'), manifest)?.imports ?? {};
    return Object.entries(imports).map(([pattern, targets]) => aliasOf(pattern, texts(targets), folder));
  }

  #read<Shape>(file: string, shape: z.ZodType<Shape>): Shape | undefined {
    if (!this.#files.has(file)) return undefined;
    const value: unknown = parseJsonc(this.#files.text(file) ?? '', [], { allowTrailingComma: true });
    return shape.safeParse(value).data;
  }
}

/** The files that a path without its ending, with another, or of a folder may mean: the likeliest first. */
function* triesFor(path: string): Generator<string> {
  const extension = posix.extname(path);
  const stem = path.slice(0, path.length - extension.length);
  for (const source of sources[extension] ?? []) yield stem + source;
  for (const each of extensions) yield path + each;
  const index = posix.join(path, 'index');
  for (const each of extensions) yield index + each;
}

/** What a package gives to others: by name, or all by one target. */
function exportsOf(name: string, folder: string, exports: unknown): Alias[] {
  const entries = mapping.parse(typeof exports === 'string' ? { '.': exports } : exports);
  const isNamed = Object.keys(entries).every((key) => key.startsWith('.'));
  return Object.entries(isNamed ? entries : { '.': entries }).map(([key, target]) =>
    aliasOf(posix.join(name, key), texts(target), folder),
  );
}

function aliasOf(pattern: string, targets: readonly string[], base: string): Alias {
  const [before = '', after] = pattern.split('*');
  return { before, after, targets: targets.map((target) => posix.join(base, target)) };
}

/** Every text in a target: one, a list, or an object by condition. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}
