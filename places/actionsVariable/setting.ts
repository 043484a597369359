import { placements } from '../form.ts';
import { githubImportId, githubLevel, githubNames, githubResourceName } from '../github.ts';
import type { PlaceResource, PlaceRules } from '../place.ts';

/** A variable that GitHub Actions' jobs read as `vars.NAME`: everybody who may read the repository's settings sees it. */
export const actionsVariablePlacements = placements(githubLevel).describe(
  'A variable that GitHub Actions’ jobs read as `vars.NAME`. Whoever may write to the repository can read it.',
);

export const actionsVariableRules: PlaceRules = { title: 'GitHub Actions variable', secret: false, ...githubNames };

const types = {
  repository: 'github:index/actionsVariable:ActionsVariable',
  environment: 'github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable',
};

export const actionsVariableResource = {
  component: 'github',
  hasEnvironments: true,
  isProductions: false,
  words: { service: 'GitHub', where: 'Actions', kind: 'variable' },
  most: { names: 500, inEnvironment: 100 },
  drift: 'github-variable',
  types: Object.values(types),
  typeOf: ({ environment }) => (environment === undefined ? types.repository : types.environment),
  nameOf: (placement) => githubResourceName('variable', placement),
  importId: githubImportId,
  // Plain on GitHub, but a value of the vault: the stack keeps it as a secret all the same.
  secretOutputs: ['value'],
  valueInput: 'value',
  thingIn: ({ variableName, environment }) => ({ name: String(variableName), environment }),
  valueIn: ({ value }: Readonly<Record<string, unknown>>) => value,
} as const satisfies PlaceResource;
