import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../launch/childEnvironment.mjs';
import { isSuitable, VERSIONS } from '../versions.ts';

const suffix = process.platform === 'win32' ? '.exe' : '';

/** The first file of this name on PATH that may be run. */
export function onPath(name: string, environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    const file = join(folder, name + suffix);
    try {
      accessSync(file, constants.X_OK);
      if (folder !== '') return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A Pulumi CLI that is already there, or in one sentence why there is none that serves. */
export type FoundCli =
  { readonly file: string; readonly version: string } | { readonly file?: undefined; readonly reason: string };

/**
 * Finds a suitable Pulumi outside of `cacheFolder`: what this project put on PATH itself was not there before.
 * The npm package `pulumi` does not count either: its launcher downloads the CLI when it runs.
 */
export async function findCli(environment: Readonly<NodeJS.ProcessEnv>, cacheFolder: string): Promise<FoundCli> {
  const folders = (environment.PATH ?? '').split(delimiter);
  const foreign = folders.filter(
    (folder) => !`${folder}${sep}`.startsWith(cacheFolder) && !folder.includes('node_modules'),
  );
  const path = { PATH: foreign.join(delimiter) };
  const file = onPath('pulumi', path);
  if (file === undefined) return { reason: 'no pulumi is on PATH' };
  const besides = join(dirname(realpathSync(file)), `pulumi-language-nodejs${suffix}`);
  if (!existsSync(besides) && onPath('pulumi-language-nodejs', path) === undefined) {
    return { reason: `${file} has no Node.js language host beside it` };
  }
  try {
    const { stdout } = await promisify(execFile)(file, ['version'], {
      env: childEnvironment('local'),
      timeout: 10_000,
    });
    const version = stdout.trim();
    if (isSuitable(version, VERSIONS.pulumi)) return { file, version: version.replace(/^v/, '') };
    return { reason: `${file} is ${version || 'of no stated version'}; ${VERSIONS.pulumi} or a later 3.x is needed` };
  } catch {
    return { reason: `${file} does not run` };
  }
}

/** The folder in which Pulumi keeps plugins for this user. */
export function pluginFolder(environment: Readonly<NodeJS.ProcessEnv>): string {
  return join(pulumiHome(environment), 'plugins');
}

/** The folder in which Pulumi's bridge keeps the Terraform providers that it downloaded for this user. */
export function bridgeDownloads(environment: Readonly<NodeJS.ProcessEnv>): string {
  return environment.PULUMI_DYNAMIC_TF_PLUGIN_CACHE_DIR ?? join(pulumiHome(environment), 'dynamic_tf_plugins');
}

function pulumiHome(environment: Readonly<NodeJS.ProcessEnv>): string {
  return environment.PULUMI_HOME ?? join(homedir(), '.pulumi');
}

/** The program of an installed plugin, below a folder of plugins. */
export function pluginFile(plugins: string, name: string, version: string): string {
  return join(plugins, `resource-${name}-v${version}`, `pulumi-resource-${name}${suffix}`);
}
