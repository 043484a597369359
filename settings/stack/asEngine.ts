import { namespace } from '../names/names.ts';

/** The one setting of this project's own that Pulumi keeps encrypted: the key of the fingerprints. */
const encryptedSetting = `${namespace}:fingerprintKey`;

/** A key as the engine passes it on: `name` is `project:name`, and `space:config:name` an old spelling of `space:name`. */
export function engineKey(key: string, project: string): string {
  const [space = '', config, ...name] = key.split(':');
  if (config === undefined) return `${project}:${key}`;
  return config === 'config' && name.length > 0 ? [space, ...name].join(':') : key;
}

/** What the Pulumi.yaml of a project gives every stack whose file does not have that key; a key is replaced as a whole. */
export function projectValues(config: unknown, project: string): Readonly<Record<string, unknown>> {
  // Text is an old way to name the folder of the stacks' files.
  if (!isRecord(config)) return {};
  const values = Object.entries(config).flatMap(([key, given]) => {
    const value = isRecord(given) ? (given.value ?? given.default) : given;
    return value === undefined || value === null ? [] : [[engineKey(key, project), value] as const];
  });
  return Object.fromEntries(values);
}

/** Whether Pulumi keeps this value of a stack's file encrypted. */
export function isEncrypted(value: unknown): boolean {
  return isRecord(value) && 'secure' in value;
}

/** Where that is so of a value, or of what is in it: each with its path below `key`. */
export function encryptedIn(key: string, value: unknown): string[] {
  if (isEncrypted(value)) return [key];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => encryptedIn(`${key}.${name}`, inner));
}

/** Why an encrypted value of this project's own is refused; nothing for the key that may be one, or somebody else's. */
export function encryptedProblem(key: string): string[] {
  if (key === encryptedSetting || !key.startsWith(`${namespace}:`)) return [];
  return [
    `${key}: has an encrypted value (\`secure:\`). Values come from 1Password: put it there, and its reference (\`from: op://…\`) here`,
  ];
}

/**
 * Why the `environment` of a stack's file is refused: only Pulumi itself sees what Pulumi ESC gives, so that a command would
 * read other settings than an update. One that is written there and gives no configuration is harmless.
 */
export function environmentProblems(environment: unknown): string[] {
  if (environment === undefined || environment === null) return [];
  if (Array.isArray(environment) && environment.length === 0) return [];
  const isHarmless =
    isRecord(environment) &&
    !Array.isArray(environment) &&
    !('imports' in environment) &&
    !(isRecord(environment.values) && 'pulumiConfig' in environment.values);
  if (isHarmless) return [];
  return [
    'environment: Pulumi ESC may give settings that only Pulumi itself sees, and this command would read others. ' +
      'Put the settings into this file and take `environment` out; variables come with `pulumi env run NAME -- COMMAND`',
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
