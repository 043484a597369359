import { parse, TomlError, type TomlTable, type TomlValue } from 'smol-toml';
import { MergeRefused, type Deviation } from './deviation.ts';
import { insertAll, lineAt } from './insertion.ts';
import { entryOf, readToml, type Path, type TomlFile } from './tomlFile.ts';
import { dotted, insertionsFor, type Wanted } from './tomlInsert.ts';
import { sameData } from './sameData.ts';
import { runtimeEnvironment } from '../../settings/names/names.ts';

/** The contexts that stand for staging: the command line's deploys and Netlify's own builds of the branch. */
const stagingContexts = ['staging', 'develop'] as const;

/** The settings that staging must share with production. */
const mirrored = ['base', 'command', 'publish'] as const;

/** What names the context to the build. */
const flag = { key: 'VITE_RUNTIME_ENV', value: runtimeEnvironment } as const;

export interface TomlPlan {
  readonly deviations: readonly Deviation[];
  /** The text with what `apply` adds. */
  readonly after: string;
}

function table(value: TomlValue | undefined): TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date) ? value : {};
}

/** What a build uses that reads `[build]` and then these contexts, the last one first in rank. */
function effective(config: TomlTable, contexts: readonly string[]): { settings: TomlTable; environment: TomlTable } {
  const parts = [table(config.build), ...contexts.map((name) => table(table(config.context)[name]))];
  return {
    settings: Object.assign({}, ...parts) as TomlTable,
    environment: Object.assign({}, ...parts.map((part) => table(part.environment))) as TomlTable,
  };
}

/** Netlify builds `develop` itself as a branch deploy; the command line's deploy knows its context's name alone. */
const readBy = { staging: ['staging'], develop: ['branch-deploy', 'develop'] } as const;

const show = (value: TomlValue | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

class Contexts {
  readonly deviations: Deviation[] = [];
  readonly wanted = new Map<string, Wanted>();

  readonly file: TomlFile;
  readonly path: string;

  constructor(file: TomlFile, path: string) {
    this.file = file;
    this.path = path;
  }

  say(what: string): void {
    this.deviations.push({ path: this.path, what });
  }

  /** Of a line of the team's, which stays. */
  sayByHand(at: Path, what: string, byHand: string): void {
    const entry = entryOf(this.file, at) ?? this.file.entries.find(({ path }) => dotted(path).startsWith(dotted(at)));
    const header = this.file.headers.find(({ resolvedKey }) => dotted(resolvedKey).startsWith(dotted(at)));
    const offset = Math.min(entry?.node.range[0] ?? Infinity, header?.range[0] ?? Infinity);
    this.deviations.push({
      path: this.path,
      ...(offset < Infinity && { line: lineAt(this.file.text, offset) }),
      what,
      byHand,
    });
  }

  add(path: readonly string[], key: string, value: string): void {
    const there = this.wanted.get(path.join('.'));
    this.wanted.set(path.join('.'), { path, keys: [...(there?.keys ?? []), { key, value }] });
  }

  /** A value of the file, as the file writes it. */
  source(value: TomlValue, at: Path): string {
    const entry = entryOf(this.file, at);
    return entry ? this.file.text.slice(...entry.node.value.range) : JSON.stringify(value);
  }
}

/** Build settings: production's, whether said in the context or inherited. */
function settings(found: Contexts, name: 'staging' | 'develop'): void {
  const { config } = found.file;
  const context = table(config.context)[name];
  const production = effective(config, ['production']).settings;
  if (context === undefined) found.say(`[context.${name}] is missing`);
  for (const key of mirrored) {
    const wanted = production[key];
    const own = table(context)[key];
    const now = effective(config, readBy[name]).settings[key];
    if (context === undefined && typeof wanted === 'string') found.add(['context', name], key, JSON.stringify(wanted));
    if (now === wanted) continue;
    const what = `[context.${name}] ${key} is ${show(now)}, production's is ${show(wanted)}`;
    if (own === undefined && typeof wanted === 'string') {
      if (context === undefined) continue;
      found.say(what);
      found.add(['context', name], key, JSON.stringify(wanted));
    } else {
      const at = own === undefined ? ['context', 'branch-deploy', key] : ['context', name, key];
      found.sayByHand(at, what, wanted === undefined ? `# without ${key}` : `${key} = ${show(wanted)}`);
    }
  }
}

/** The variables of both contexts, which stand for one environment. */
function environments(found: Contexts): void {
  const { config } = found.file;
  const own = (name: string) => table(table(table(config.context)[name]).environment);
  for (const name of stagingContexts) {
    const there = own(name)[flag.key];
    if (there === flag.value) continue;
    const what = `[context.${name}.environment] ${flag.key} is ${show(there)}, not "${flag.value}"`;
    const line = `${flag.key} = "${flag.value}"`;
    if (there !== undefined) found.sayByHand(['context', name, 'environment', flag.key], what, line);
    else if (table(config.context)[name] !== undefined) found.say(what);
  }
  const names = new Set(['branch-deploy', ...stagingContexts].flatMap((name) => Object.keys(own(name))));
  names.delete(flag.key);
  for (const key of names) {
    const [staging, develop] = stagingContexts.map((name) => effective(config, readBy[name]).environment[key]);
    if (sameData(staging, develop)) continue;
    const what = `${key} is ${show(staging)} in [context.staging.environment] and ${show(develop)} in [context.develop.environment]`;
    const from = key in own('develop') ? 'develop' : key in own('staging') ? 'staging' : 'branch-deploy';
    const into =
      own('staging')[key] === undefined ? 'staging' : own('develop')[key] === undefined ? 'develop' : undefined;
    const source = key in own('staging') && into === 'develop' ? 'staging' : from;
    const value = own(source)[key];
    if (into === undefined || value === undefined) {
      found.sayByHand(['context', 'develop', 'environment', key], what, `${key} = ${show(staging)}`);
      continue;
    }
    if (table(config.context)[into] !== undefined) found.say(what);
    found.add(['context', into, 'environment'], key, found.source(value, ['context', source, 'environment', key]));
  }
  for (const name of stagingContexts) {
    if (own(name)[flag.key] === undefined)
      found.add(['context', name, 'environment'], flag.key, JSON.stringify(flag.value));
  }
}

function withKeys(config: TomlTable, wanted: Iterable<Wanted>): TomlTable {
  const result = structuredClone(config);
  for (const { path, keys } of wanted) {
    let place = result;
    for (const part of path) place = place[part] = table(place[part]);
    for (const { key, value } of keys) place[key] = parse(`value = ${value}`).value ?? '';
  }
  return result;
}

/** What the file would be read as must be what it was and the keys that were to be added: else nothing is written. */
function verified(found: Contexts, after: string): string {
  const { config } = readToml(after);
  if (!sameData(config, withKeys(found.file.config, found.wanted.values())))
    throw new MergeRefused('the result would say something else than it did, with the contexts added');
  return after;
}

const snippetOf = (wanted: Iterable<Wanted>): string =>
  [...wanted]
    .map(({ path, keys }) => [`[${dotted(path)}]`, ...keys.map(({ key, value }) => `${key} = ${value}`)].join('\n'))
    .join('\n\n');

/** What the contexts of a netlify.toml lack, and the text with it. Nothing that stands there is changed. */
export function planToml(text: string, path = 'netlify.toml'): TomlPlan {
  let file: TomlFile;
  try {
    file = readToml(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const line = error instanceof TomlError ? error.line : undefined;
    const cause = error instanceof Error ? (error.message.split('\n')[0] ?? '').split(': ').at(-1) : undefined;
    const what = `is no TOML 1.0, and Netlify may read it otherwise than it looks (${cause ?? 'unknown'})`;
    const byHand = 'Each table and key once, in TOML 1.0. Then run apply again.';
    return { deviations: [{ path, ...(line !== undefined && { line }), what, byHand }], after: text };
  }
  const found = new Contexts(file, path);
  for (const name of stagingContexts) settings(found, name);
  environments(found);
  if (found.wanted.size === 0) return { deviations: found.deviations, after: text };
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  try {
    const after = verified(found, insertAll(file.text, insertionsFor(file, found.wanted.values())));
    return { deviations: found.deviations, after: bom + after };
  } catch {
    // A shape that takes no key: the team gets what to write, and its place.
    found.sayByHand(
      ['context'],
      'is written in a way that nothing can be added to without changing it',
      snippetOf(found.wanted.values()),
    );
    return { deviations: found.deviations, after: text };
  }
}
