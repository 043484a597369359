import * as pulumi from '@pulumi/pulumi';
import { encryptedProblem } from './asEngine.ts';
import { configurationValue } from './configurationValue.ts';
import { stackFile } from './file.ts';
import { addressProblems, ownerProblems, providerProblems } from '../providerSettings.ts';
import { namespace, parseSettings, SettingsError, type Settings } from '../settings.ts';
import { actOn, forStack } from './stackCommand.ts';

const fingerprintName = 'fingerprintKey';

/**
 * The settings of the stack that the engine is running. Throws a `SettingsError`: for a key that nobody knows too, and for
 * one that steers a provider past the guards.
 */
export function stackSettings(env: Readonly<NodeJS.ProcessEnv> = process.env): Settings {
  actOn(pulumi.getStack());
  const config = pulumi.runtime.allConfig();
  const file = stackFile(pulumi.getStack());
  const problems = [
    ...providerProblems(Object.keys(config)),
    ...ownerProblems(config['github:owner'], env),
    ...addressProblems(env),
    ...Object.keys(config).flatMap((key) => (isSecret(key) ? encryptedProblem(key) : [])),
  ];
  if (problems.length > 0) throw new SettingsError(problems, file);
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, text]) => [key.slice(namespace.length + 1), configurationValue(text)] as const)
    .filter(([key]) => key !== fingerprintName);
  return parseSettings(Object.fromEntries(own), file);
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
      `${setting} is shorter than 32 characters. Make one: openssl rand -base64 32 | ${forStack(`pulumi config set --secret ${setting}`)}`,
    );
  }
  return key;
}

/** The same key as text, for what this process signs. */
export function plainFingerprintKey(): string | undefined {
  return pulumi.runtime.allConfig()[`${namespace}:${fingerprintName}`];
}

/** Whether the engine decrypted a setting, or a part of it. The SDK has this for its own use, without a type. */
function isSecret(key: string): boolean {
  const ask: unknown = Reflect.get(pulumi.runtime, 'isConfigSecret');
  return typeof ask === 'function' && Reflect.apply(ask, undefined, [key]) === true;
}
