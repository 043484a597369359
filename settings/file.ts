import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { ownerProblems, providerProblems } from './providerSettings.ts';
import { namespace, parseSettings, SettingsError, type Settings } from './settings.ts';
import { committedFile, configurationFile } from './stackFile.ts';

export { configurationFile, stackFile } from './stackFile.ts';

/**
 * The settings of a stack that no engine is running, from the file that `pulumi` would read. Throws a `SettingsError`, for
 * a key that steers a provider past everything else here too.
 */
export function fileSettings(root: string, stack = 'staging', env: NodeJS.ProcessEnv = process.env): Settings {
  const file = configurationFile(root, stack, env);
  const content = readStack(root, file);
  const config = content.config ?? {};
  const owner = config['github:owner'];
  const problems = [
    ...providerProblems([...Object.keys(config), ...projectConfiguration(root)]),
    ...ownerProblems(typeof owner === 'string' ? owner : undefined, env),
  ];
  if (problems.length > 0) throw new SettingsError(problems, nameOf(root, file));
  return parseSettings(ownValues(content), nameOf(root, file));
}

/** The plain (not encrypted) values below `allincompassing:` of a stack's file. */
export function fileConfiguration(root: string, stack = 'staging'): Record<string, unknown> {
  return ownValues(readStack(root, configurationFile(root, stack)));
}

/** A plain value of another namespace, e.g. `github:owner`; `undefined` when it is not set. */
export function fileValue(root: string, key: string, stack = 'staging'): string | undefined {
  const value = readStack(root, configurationFile(root, stack)).config?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** What a stack's file holds at its top: `config` (which may be there with nothing below it), and what ties it to a backend. */
export interface StackContent extends Readonly<Record<string, unknown>> {
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/** The text of the file beside Pulumi.yaml, even where `pulumi` reads another. Throws a `SettingsError`. */
export function committedText(root: string, stack = 'staging'): string {
  return textOf(root, committedFile(root, stack));
}

/** What the text of a stack's file says. Throws a `SettingsError` with the place, never with the text there: it may be a value. */
export function parseStack(text: string, file: string): StackContent {
  let content: unknown;
  try {
    // Warnings would print the line too.
    content = parse(text, { logLevel: 'error' }) ?? {};
  } catch (error) {
    throw new SettingsError([yamlProblem(error, text)], file);
  }
  if (typeof content !== 'object' || Array.isArray(content)) throw new SettingsError(['holds no settings'], file);
  return content as StackContent;
}

/** The project's name, from the Pulumi.yaml in `root`. */
export function projectName(root: string): string {
  return (parse(readFileSync(join(root, 'Pulumi.yaml'), 'utf8')) as { name: string }).name;
}

/** The keys of the configuration that all stacks share, in the Pulumi.yaml in `root`; none where there is no such file. */
function projectConfiguration(root: string): string[] {
  const file = join(root, 'Pulumi.yaml');
  const { config } = existsSync(file) ? parseStack(readFileSync(file, 'utf8'), 'Pulumi.yaml') : {};
  return Object.keys(config ?? {});
}

/** Whether Pulumi keeps this value of a stack's file encrypted. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secure' in value;
}

function ownValues({ config }: StackContent): Record<string, unknown> {
  const own = Object.entries(config ?? {}).filter(
    ([key, value]) => key.startsWith(`${namespace}:`) && !isEncrypted(value),
  );
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length + 1), value]));
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
