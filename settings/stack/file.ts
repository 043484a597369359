import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse, parseDocument, YAMLParseError } from 'yaml';
import {
  encryptedProblem,
  environmentProblems,
  engineKey,
  isEncrypted,
  encryptedIn,
  projectValues,
} from './asEngine.ts';
import { configurationValue } from './configurationValue.ts';
import { ownerProblems, providerProblems } from '../providerSettings.ts';
import { misread } from './misread.ts';
import { namespace, parseSettings, SettingsError, type Settings } from '../settings.ts';
import { forStack } from './stackCommand.ts';
import { committedFile, configurationFile, defaultStack, stackNameProblems } from './stackFile.ts';

export { isEncrypted } from './asEngine.ts';
export { configurationFile, stackFile } from './stackFile.ts';

/**
 * The settings of a stack that no engine is running, from the file that `pulumi` would read. Throws a `SettingsError`, for
 * a key that steers a provider past everything else here too.
 */
export function fileSettings(root: string, stack = defaultStack, env: NodeJS.ProcessEnv = process.env): Settings {
  const file = configurationFile(root, stack, env);
  const content = readStack(root, file);
  const config = asEngine(root, content);
  const owner = config['github:owner'];
  const problems = [
    ...stackNameProblems(stack, existsSync(join(root, 'Pulumi.yaml')) ? projectName(root) : namespace),
    ...environmentProblems(content.environment),
    ...providerProblems(Object.keys(config)),
    ...ownerProblems(typeof owner === 'string' ? owner : undefined, env),
    ...Object.entries(config).flatMap(([key, value]) => encryptedIn(key, value).flatMap(encryptedProblem)),
  ];
  if (problems.length > 0) throw new SettingsError(problems, nameOf(root, file));
  return parseSettings(ownValues(config), nameOf(root, file));
}

/** The plain (not encrypted) values below `allincompassing:` of a stack's file. */
export function fileConfiguration(root: string, stack = defaultStack): Record<string, unknown> {
  return ownValues(asEngine(root, readStack(root, configurationFile(root, stack))));
}

/** A plain value of another namespace, e.g. `github:owner`; `undefined` when it is not set. */
export function fileValue(
  root: string,
  key: string,
  stack = defaultStack,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const value = asEngine(root, readStack(root, configurationFile(root, stack, env)))[key];
  return typeof value === 'string' ? value : undefined;
}

/** The owner of the repository: `github:owner`, else `GITHUB_OWNER`. Throws where neither is set. */
export function githubOwnerOf(root: string, stack: string): string {
  const owner = fileValue(root, 'github:owner', stack) ?? process.env.GITHUB_OWNER;
  if (owner) return owner;
  throw new Error(
    `github:owner is not set in ${configurationFile(root, stack)}. Set it: ${forStack('pulumi config set github:owner OWNER')}`,
  );
}

/** What a stack's file holds at its top: `config` (which may be there with nothing below it), and what ties it to a backend. */
export interface StackContent extends Readonly<Record<string, unknown>> {
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/** What a stack's file holds, encrypted values as they stand there. Throws a `SettingsError`. */
export function fileStack(root: string, stack = defaultStack, env: NodeJS.ProcessEnv = process.env): StackContent {
  return readStack(root, configurationFile(root, stack, env));
}

/** The text of the file beside Pulumi.yaml, even where `pulumi` reads another. Throws a `SettingsError`. */
export function committedText(root: string, stack = defaultStack): string {
  return textOf(root, committedFile(root, stack));
}

/** What the text of a stack's file says. Throws a `SettingsError` with the place, never with the text there: it may be a value. */
export function parseStack(text: string, file: string): StackContent {
  let content: unknown;
  // Warnings would print the line too.
  const document = parseDocument(text, { logLevel: 'error', merge: true });
  try {
    if (document.errors[0]) throw document.errors[0];
    content = document.toJS() ?? {};
  } catch (error) {
    throw new SettingsError([yamlProblem(error, text)], file);
  }
  const problems = misread(document);
  if (problems.length > 0) throw new SettingsError(problems, file);
  if (typeof content !== 'object' || Array.isArray(content)) throw new SettingsError(['holds no settings'], file);
  return content as StackContent;
}

/** The project's name, from the Pulumi.yaml in `root`. */
export function projectName(root: string): string {
  return (parse(readFileSync(join(root, 'Pulumi.yaml'), 'utf8')) as { name: string }).name;
}

/** The configuration as the engine passes it on, by full keys: the stack's own, and what Pulumi.yaml gives every stack. */
function asEngine(root: string, { config }: StackContent): Readonly<Record<string, unknown>> {
  const file = join(root, 'Pulumi.yaml');
  const project = existsSync(file) ? parseStack(readFileSync(file, 'utf8'), 'Pulumi.yaml') : {};
  const name = typeof project.name === 'string' ? project.name : namespace;
  const own = Object.fromEntries(
    Object.entries(config ?? {}).map(([key, value]) => [engineKey(key, name), value] as const),
  );
  // The file's own keys first, and theirs are the values that count.
  return { ...own, ...projectValues(project.config, name), ...own };
}

function ownValues(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key, value]) => key.startsWith(`${namespace}:`) && !isEncrypted(value));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length + 1), configurationValue(value)]));
}

function readStack(root: string, file: string): StackContent {
  return parseStack(textOf(root, file), nameOf(root, file));
}

function textOf(root: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingsError(
      [code === 'ENOENT' ? `there is no such file in ${dirname(file)}` : `cannot be read: ${message}`],
      nameOf(root, file),
    );
  }
}

/** How errors name a file: by its name beside Pulumi.yaml, by its whole path elsewhere. */
function nameOf(root: string, file: string): string {
  return dirname(file) === resolve(root) ? basename(file) : file;
}

function yamlProblem(error: unknown, text: string): string {
  if (!(error instanceof YAMLParseError)) return 'is not YAML: an alias without its anchor';
  const [start] = error.linePos ?? [];
  const place = start ? `line ${start.line}, column ${start.col}` : 'the file';
  if (error.code === 'DUPLICATE_KEY')
    return `${place} has a key for the second time${keyAt(text, error.pos[0])}: take one out`;
  return `${place} is not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}`;
}

/** The name of a key, where it is a plain word: anything else might be a value. */
function keyAt(text: string, at: number): string {
  const [name] = /^[A-Za-z][\w.:-]{0,60}(?=\s*:(?:\s|$))/.exec(text.slice(at, at + 100)) ?? [];
  return name === undefined ? '' : ` (${name})`;
}
