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

/** The key of the fingerprints in the outputs: a stack secret of its own. `undefined` when none is set: then no fingerprint is made. */
export function fingerprintKey(): pulumi.Output<string> | undefined {
  return new pulumi.Config(namespace).getSecret(fingerprintName);
}
