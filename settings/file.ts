import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { namespace, parseSettings, SettingsError, type Settings } from './settings.ts';

/** The name of a stack's configuration file. */
export function stackFile(stack = 'staging'): string {
  return `Pulumi.${stack}.yaml`;
}

/** The settings of a stack that no engine is running, from its Pulumi.STACK.yaml in `root`. Throws a `SettingsError`. */
export function fileSettings(root: string, stack = 'staging'): Settings {
  return parseSettings(fileConfiguration(root, stack), stackFile(stack));
}

/** The plain (not encrypted) values below `allincompassing:` of a stack's file. */
export function fileConfiguration(root: string, stack = 'staging'): Record<string, unknown> {
  const config = readStack(root, stack).config ?? {};
  const own = Object.entries(config).filter(([key, value]) => key.startsWith(`${namespace}:`) && !isEncrypted(value));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length + 1), value]));
}

/** A plain value of another namespace, e.g. `github:owner`; `undefined` when it is not set. */
export function fileValue(root: string, key: string, stack = 'staging'): string | undefined {
  const value = readStack(root, stack).config?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** What a stack's file holds at its top: `config`, and what ties it to a backend. */
export interface StackContent extends Readonly<Record<string, unknown>> {
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A stack's file as text. Throws a `SettingsError`. */
export function stackText(root: string, stack = 'staging'): string {
  const file = stackFile(stack);
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingsError(
      [code === 'ENOENT' ? `there is no such file in ${root}` : `cannot be read: ${message}`],
      file,
    );
  }
}

/** What the text of a stack's file says. Throws a `SettingsError` with the place, never with the text there: it may be a value. */
export function parseStack(text: string, stack = 'staging'): StackContent {
  const file = stackFile(stack);
  let content: unknown;
  try {
    // Warnings would print the line too.
    content = parse(text, { logLevel: 'error' }) ?? {};
  } catch (error) {
    throw new SettingsError([yamlProblem(error)], file);
  }
  if (typeof content !== 'object' || Array.isArray(content)) throw new SettingsError(['holds no settings'], file);
  return content as StackContent;
}

/** The project's name, from the Pulumi.yaml in `root`. */
export function projectName(root: string): string {
  return (parse(readFileSync(join(root, 'Pulumi.yaml'), 'utf8')) as { name: string }).name;
}

/** Whether Pulumi keeps this value of a stack's file encrypted. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secure' in value;
}

function readStack(root: string, stack: string): StackContent {
  return parseStack(stackText(root, stack), stack);
}

function yamlProblem(error: unknown): string {
  if (!(error instanceof YAMLParseError)) return 'is not YAML: an alias without its anchor';
  const [start] = error.linePos ?? [];
  const place = start ? `line ${start.line}, column ${start.col}` : 'the file';
  return `${place} is not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}`;
}
