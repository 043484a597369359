import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { configurationValue } from '../../settings/stack/configurationValue.ts';
import { chosenFile, committedFile } from '../../settings/stack/stackFile.ts';

/** The stack that the engine is running, as a policy pack's process knows it. */
export interface StackConfiguration {
  readonly project: string;
  readonly stack: string;
  /** The program's folder, when it can be found from here. */
  readonly folder: string | undefined;
  /** Every value by its full key (`allincompassing:netlify`), objects parsed; encrypted values are decrypted here. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether the stack's file keeps the value at this key and path encrypted. */
  readonly isEncrypted: (key: string, path: readonly string[]) => boolean;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function readYaml(file: string): Record<string, unknown> {
  return existsSync(file) ? (record(parse(readFileSync(file, 'utf8'))) ?? {}) : {};
}

/** The folder with the Pulumi.yaml of this project, upwards from each start in turn. */
function programFolder(project: string, starts: readonly (string | undefined)[]): string | undefined {
  for (const start of starts) {
    for (let folder = start; folder !== undefined; folder = folder === dirname(folder) ? undefined : dirname(folder)) {
      if (readYaml(join(folder, 'Pulumi.yaml')).name === project) return folder;
    }
  }
  return undefined;
}

/** The stack's file: the one that --config-file names in its environment form, or the one beside Pulumi.yaml. */
function fileOf(env: NodeJS.ProcessEnv, folder: string | undefined, stack: string): string | undefined {
  const chosen = chosenFile(env, env.PWD);
  if (chosen !== undefined || folder === undefined) return chosen;
  return committedFile(folder, stack);
}

/**
 * Reads what the engine gives every policy pack: the stack's configuration in `PULUMI_CONFIG`, its names beside it. Which values
 * are encrypted, only the stack's file says. Depending on the language host this process starts in the program's folder or in
 * the pack's; the shell's folder is the last guess.
 */
export function stackConfiguration(env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): StackConfiguration {
  const project = env.PULUMI_NODEJS_PROJECT ?? env.PULUMI_PROJECT ?? '';
  const stack = env.PULUMI_NODEJS_STACK ?? env.PULUMI_STACK ?? '';
  // In the pack's own folder, a copy of the project above it (a workflow's second checkout) may be another than the program's.
  const inPack = existsSync(join(cwd, 'PulumiPolicy.yaml'));
  const folder = programFolder(project, inPack ? [env.PWD, cwd] : [cwd, env.PWD]);
  const file = fileOf(env, folder, stack);
  const plain = file === undefined ? {} : (record(readYaml(file).config) ?? {});
  const given = record(JSON.parse(env.PULUMI_CONFIG ?? '{}')) ?? {};
  return {
    project,
    stack,
    folder,
    values: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, configurationValue(value)])),
    isEncrypted(key, path) {
      let at: unknown = plain[key];
      for (const part of path) {
        if (record(at) && 'secure' in (record(at) ?? {})) return true;
        at = record(at)?.[part];
      }
      return record(at) !== undefined && 'secure' in (record(at) ?? {});
    },
  };
}
