import { resourceTypes } from '../../settings/names/resourceTypes.ts';

/** An input that a provider made for secrets: it is stored encrypted there and never shown. */
export interface SecretInput {
  /** The resource's type, or its beginning with `*` at the end. */
  readonly type: string;
  /** The input's path without indices, or its beginning with `*` at the end: `secretValues.value`, `data.*`. */
  readonly property: string;
}

/** What is made for secrets. A program with other resources adds its own by the policy's configuration. */
const secretInputs: readonly SecretInput[] = [
  { type: 'pulumi:providers:*', property: '*' },
  { type: resourceTypes.netlifyVariable, property: 'secretValues.value' },
  ...['actions', 'dependabot', 'codespaces'].flatMap((service) =>
    ['plaintextValue', 'encryptedValue', 'value', 'valueEncrypted'].flatMap((property) => [
      { type: `github:index/${service}Secret:*`, property },
      { type: `github:index/${service}OrganizationSecret:*`, property },
      { type: `github:index/${service}EnvironmentSecret:*`, property },
      { type: `github:index/${service}UserSecret:*`, property },
    ]),
  ),
  { type: 'kubernetes:core/v1:Secret', property: 'data.*' },
  { type: 'kubernetes:core/v1:Secret', property: 'stringData.*' },
  { type: 'aws:secretsmanager/secretVersion:SecretVersion', property: 'secret*' },
  { type: 'gcp:secretmanager/secretVersion:SecretVersion', property: 'secretData*' },
  { type: 'azure-native:keyvault:Secret', property: 'properties.value' },
  { type: 'vault:kv/secretV2:SecretV2', property: 'dataJson' },
];

function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** Whether an input is made for secrets. `path` may carry indices. */
export function isSecretInput(type: string, path: string, more: readonly SecretInput[] = []): boolean {
  const property = path.replace(/\[\d+\]/g, '');
  return [...secretInputs, ...more].some((input) => matches(input.type, type) && matches(input.property, property));
}
