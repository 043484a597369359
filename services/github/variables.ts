import { z } from 'zod';
import { orMissing, repositoryPath, type RepositoryName } from './github.ts';
import { call, ServiceError, type Api } from '../door/http.ts';

/** One Actions variable as GitHub shows it. Times are ISO 8601. */
export interface LiveActionsVariable {
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const answer = z.object({ name: z.string(), value: z.string(), created_at: z.string(), updated_at: z.string() });
const page = z.object({ total_count: z.number(), variables: z.array(answer) });

function variablesPath(name: RepositoryName, environment: string | undefined): string {
  return environment === undefined
    ? `${repositoryPath(name)}/actions/variables`
    : `${repositoryPath(name)}/environments/${encodeURIComponent(environment)}/variables`;
}

/** The most that GitHub gives at once: it refuses more than 30 a page for variables. */
const perPage = 30;

/** The Actions variables of a repository, or of one of its environments; none where that environment is gone. */
export async function listActionsVariables(
  api: Api,
  name: RepositoryName,
  environment?: string,
): Promise<LiveActionsVariable[]> {
  const found: LiveActionsVariable[] = [];
  for (let number = 1; ; number += 1) {
    const query = { per_page: String(perPage), page: String(number) };
    const listed = call(api, { path: variablesPath(name, environment), query });
    const result = await (environment === undefined ? listed : orMissing(listed));
    const { variables, total_count: total } = result ? page.parse(result.json) : { variables: [], total_count: 0 };
    found.push(...variables.map(live));
    if (variables.length === 0 || found.length >= total) return found;
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
  const path = variablesPath(name, environment);
  const own = `${path}/${encodeURIComponent(variable)}`;
  const audit = { action: 'set', writes: [{ place: 'actionsVariable', name: variable, in: environment, value }] };
  try {
    await call(api, { method: 'PATCH', path: own, body: { name: variable, value }, audit });
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    await call(api, { method: 'POST', path, body: { name: variable, value }, audit });
  }
  return live(answer.parse((await call(api, { path: own })).json)).updatedAt;
}

/** Deletes an Actions variable. */
export async function deleteVariable(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  variable: string,
): Promise<void> {
  await call(api, {
    method: 'DELETE',
    path: `${variablesPath(name, environment)}/${encodeURIComponent(variable)}`,
    audit: { action: 'delete', writes: [{ place: 'actionsVariable', name: variable, in: environment }] },
  });
}

function live({
  name,
  value,
  created_at: createdAt,
  updated_at: updatedAt,
}: z.infer<typeof answer>): LiveActionsVariable {
  return { name, value, createdAt, updatedAt };
}
