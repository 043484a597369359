import { z } from 'zod';
import { listSecrets, ofRepository, orMissing, secretPages, type LiveSecret, type RepositoryName } from './github.ts';
import { github } from './route.ts';
import { listActionsVariables, variablePages, type LiveActionsVariable } from './variables.ts';
import { isAnswer, type Api } from '../door/http.ts';

/** A value that GitHub keeps for a repository. */
type Kept<Value> = Value & {
  /** For people: `GitHub Actions secret NAME`. */
  readonly title: string;
  /** The environment that has it. */
  readonly environment?: string;
  /** Whether this configuration may declare it: the repository's own, or one of its environments'. */
  readonly isActions: boolean;
};

/** Everything that GitHub keeps for a repository; `unread`: the lists that the token may not have. */
export interface EveryValue {
  readonly secrets: readonly Kept<LiveSecret>[];
  readonly variables: readonly Kept<LiveActionsVariable>[];
  readonly unread: readonly string[];
}

const environmentPage = z.object({ environments: z.array(z.object({ name: z.string() })).optional() });

/** The names of all environments of a repository. */
async function listEnvironments(api: Api, name: RepositoryName): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const parameters = { ...ofRepository(name), per_page: 100, page };
    const { data } = await github(api, 'GET /repos/{owner}/{repo}/environments', parameters, environmentPage);
    const { environments = [] } = data;
    found.push(...environments.map((each) => each.name));
    if (environments.length < 100) return found;
  }
}

/** Secrets that no configuration of this project declares, and that code in the repository reads all the same. */
const secretsElsewhere = {
  'Dependabot secret': 'GET /repos/{owner}/{repo}/dependabot/secrets',
  'Codespaces secret': 'GET /repos/{owner}/{repo}/codespaces/secrets',
} as const;

/**
 * Every secret and variable of a repository: its own, its environments', the organization's that it may read, Dependabot's
 * and Codespaces'. A list that the token may not have is named in `unread`: GitHub says 403, or 404 of what it hides. Only the
 * lists of an environment that is gone, and of the organization of a user's repository, are empty by a 404.
 */
export async function listEveryValue(api: Api, name: RepositoryName): Promise<EveryValue> {
  const unread: string[] = [];
  async function listed<Value extends { readonly name: string }>(
    kind: string,
    values: Promise<Value[]>,
    {
      environment,
      isActions = false,
    }: { readonly environment?: string | undefined; readonly isActions?: boolean } = {},
  ): Promise<Kept<Value>[]> {
    const where = environment === undefined ? '' : ` of the environment ${environment}`;
    const found = await permitted(values, `${kind}s${where}`, unread);
    return found.map((value) => ({
      ...value,
      ...{ title: `${kind} ${value.name}${where}`, isActions },
      ...(environment !== undefined && { environment }),
    }));
  }
  const environments = await permitted(listEnvironments(api, name), 'GitHub’s environments', unread);
  const actions = [undefined, ...environments].map((environment) => ({ environment, isActions: true }));
  const [secrets, variables] = await Promise.all([
    Promise.all([
      ...actions.map((level) => listed('GitHub Actions secret', listSecrets(api, name, level.environment), level)),
      ...Object.entries(secretsElsewhere).map(([kind, route]) =>
        listed(kind, secretPages(api, route, ofRepository(name))),
      ),
      listed('GitHub organization secret', orEmpty(secretPages(api, organizationSecrets, ofRepository(name)))),
    ]),
    Promise.all([
      ...actions.map((level) =>
        listed('GitHub Actions variable', listActionsVariables(api, name, level.environment), level),
      ),
      listed('GitHub organization variable', orEmpty(variablePages(api, organizationVariables, ofRepository(name)))),
    ]),
  ]);
  return { secrets: secrets.flat(), variables: variables.flat(), unread };
}

const organizationSecrets = 'GET /repos/{owner}/{repo}/actions/organization-secrets';
const organizationVariables = 'GET /repos/{owner}/{repo}/actions/organization-variables';

async function orEmpty<Item>(list: Promise<Item[]>): Promise<Item[]> {
  return (await orMissing(list)) ?? [];
}

async function permitted<Item>(list: Promise<Item[]>, what: string, unread: string[]): Promise<Item[]> {
  try {
    return await list;
  } catch (error) {
    if (!isAnswer(error, 403, 404)) throw error;
    unread.push(what);
    return [];
  }
}
