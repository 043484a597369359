import { placements } from '../form.ts';
import { githubImportId, githubLevel, githubNames, githubResourceName } from '../github.ts';
import type { PlaceResource, PlaceRules } from '../place.ts';

export const actionsSecretPlacements = placements(githubLevel).describe(
  'A secret that GitHub Actions’ jobs read as `secrets.NAME`. Nobody can read it there.',
);

export const actionsSecretRules: PlaceRules = { title: 'GitHub Actions secret', secret: true, ...githubNames };

const types = {
  repository: 'github:index/actionsSecret:ActionsSecret',
  environment: 'github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret',
};

export const actionsSecretResource = {
  component: 'github',
  hasEnvironments: true,
  isProductions: false,
  words: { service: 'GitHub', where: 'Actions', kind: 'secret' },
  most: { names: 100, inEnvironment: 100 },
  drift: 'github-secret',
  types: Object.values(types),
  typeOf: ({ environment }) => (environment === undefined ? types.repository : types.environment),
  nameOf: (placement) => githubResourceName('secret', placement),
  importId: githubImportId,
  // As its provider's SDK marks them.
  secretOutputs: ['encryptedValue', 'plaintextValue', 'value', 'valueEncrypted'],
  valueInput: 'value',
  thingIn: ({ secretName, environment }) => ({ name: String(secretName), environment }),
  // Older versions of the provider, and adopted secrets, have it under the second name.
  valueIn: ({ value, plaintextValue }: Readonly<Record<string, unknown>>) => value ?? plaintextValue,
} as const satisfies PlaceResource;
