import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { namespace, parseSettings, SettingsError, type Settings } from './settings.ts';

/** The settings of a stack that no engine is running, from its Pulumi.STACK.yaml in `root`. Throws a `SettingsError`. */
export function fileSettings(root: string, stack = 'staging'): Settings {
  return parseSettings(fileConfiguration(root, stack));
}

/** The plain (not encrypted) values below `allincompassing:` of a stack's file. */
export function fileConfiguration(root: string, stack = 'staging'): Record<string, unknown> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  const config = parseYaml(file).config ?? {};
  const own = Object.entries(config).filter(([key, value]) => key.startsWith(`${namespace}:`) && !isEncrypted(value));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(namespace.length + 1), value]));
}

/** A plain value of another namespace, e.g. `github:owner`; `undefined` when it is not set. */
export function fileValue(root: string, key: string, stack = 'staging'): string | undefined {
  const value = parseYaml(join(root, `Pulumi.${stack}.yaml`)).config?.[key];
  return typeof value === 'string' ? value : undefined;
}

function parseYaml(file: string): { readonly config?: Record<string, unknown> } {
  try {
    return (parse(readFileSync(file, 'utf8')) ?? {}) as { config?: Record<string, unknown> };
  } catch (error) {
    throw new SettingsError([`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secure' in value;
}
