import { z } from 'zod';
import { ofEnvironment, orMissing, type RepositoryName } from './github.ts';
import { github, githubWrite } from './route.ts';
import type { Api } from '../door/http.ts';

/** One Actions variable as GitHub shows it. Times are ISO 8601. */
export interface LiveActionsVariable {
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const answer = z
  .object({ name: z.string(), value: z.string(), created_at: z.string(), updated_at: z.string() })
  .transform(({ name, value, created_at: createdAt, updated_at: updatedAt }): LiveActionsVariable => ({
    name,
    value,
    createdAt,
    updatedAt,
  }));
const page = z.object({ total_count: z.number(), variables: z.array(answer) });

const ofRepositoryRoutes = {
  list: 'GET /repos/{owner}/{repo}/actions/variables',
  read: 'GET /repos/{owner}/{repo}/actions/variables/{name}',
  make: 'POST /repos/{owner}/{repo}/actions/variables',
  change: 'PATCH /repos/{owner}/{repo}/actions/variables/{name}',
  remove: 'DELETE /repos/{owner}/{repo}/actions/variables/{name}',
} as const;
const ofEnvironmentRoutes = {
  list: 'GET /repos/{owner}/{repo}/environments/{environment_name}/variables',
  read: 'GET /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}',
  make: 'POST /repos/{owner}/{repo}/environments/{environment_name}/variables',
  change: 'PATCH /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}',
  remove: 'DELETE /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}',
} as const;

function routesOf(environment: string | undefined) {
  return environment === undefined ? ofRepositoryRoutes : ofEnvironmentRoutes;
}

/** The most that GitHub gives at once: it refuses more than 30 a page for variables. */
const perPage = 30;

/** The Actions variables of a repository, or of one of its environments; none where that environment is gone. */
export async function listActionsVariables(
  api: Api,
  name: RepositoryName,
  environment?: string,
): Promise<LiveActionsVariable[]> {
  const listed = variablePages(api, routesOf(environment).list, ofEnvironment(name, environment));
  return environment === undefined ? listed : ((await orMissing(listed)) ?? []);
}

type VariableList =
  | (typeof ofRepositoryRoutes)['list']
  | (typeof ofEnvironmentRoutes)['list']
  | 'GET /repos/{owner}/{repo}/actions/organization-variables';

/** All pages of one of GitHub's lists of variables. */
export async function variablePages(
  api: Api,
  route: VariableList,
  parameters: ReturnType<typeof ofEnvironment>,
): Promise<LiveActionsVariable[]> {
  const found: LiveActionsVariable[] = [];
  for (let number = 1; ; number += 1) {
    const { data } = await github(api, route, { ...parameters, per_page: perPage, page: number }, page);
    found.push(...data.variables);
    if (data.variables.length === 0 || found.length >= data.total_count) return found;
  }
}

/** Writes a variable's value over whatever is there, or makes it. Yields GitHub's time of the write. */
export async function writeVariable(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  variable: string,
  value: string,
): Promise<string> {
  const routes = routesOf(environment);
  const own = { ...ofEnvironment(name, environment), name: variable };
  const audit = { action: 'set', writes: [{ place: 'actionsVariable', name: variable, in: environment, value }] };
  const changed = await orMissing(githubWrite(api, audit, routes.change, { ...own, value }));
  if (!changed) await githubWrite(api, audit, routes.make, { ...own, value });
  return (await github(api, routes.read, own, answer)).data.updatedAt;
}

/** Deletes an Actions variable. */
export async function deleteVariable(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  variable: string,
): Promise<void> {
  const audit = { action: 'delete', writes: [{ place: 'actionsVariable', name: variable, in: environment }] };
  const own = { ...ofEnvironment(name, environment), name: variable };
  await githubWrite(api, audit, routesOf(environment).remove, own);
}
