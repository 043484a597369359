import * as pulumi from '@pulumi/pulumi';
import { configurationValue } from './configurationValue.ts';
import { stackFile } from './file.ts';
import { namespace, parseSettings, type Settings } from './settings.ts';

const fingerprintName = 'fingerprintKey';

/** The settings of the stack that the engine is running. Throws a `SettingsError`, for a key that nobody knows too. */
export function stackSettings(): Settings {
  const own = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, text]) => [key.slice(namespace.length + 1), configurationValue(text)] as const)
    .filter(([key]) => key !== fingerprintName);
  return parseSettings(Object.fromEntries(own), stackFile(pulumi.getStack()));
}

/**
 * The key of the fingerprints in the outputs: a stack secret of its own. `undefined` when none is set: then no fingerprint
 * is made. Throws for a key that could be guessed.
 */
export function fingerprintKey(): pulumi.Output<string> | undefined {
  const config = new pulumi.Config(namespace);
  const key = config.getSecret(fingerprintName);
  if (key !== undefined && (config.get(fingerprintName)?.length ?? 0) < 32) {
    const setting = `${namespace}:${fingerprintName}`;
    throw new Error(
      `${setting} is shorter than 32 characters. Make one: openssl rand -base64 32 | pulumi config set --secret ${setting}`,
    );
  }
  return key;
}
