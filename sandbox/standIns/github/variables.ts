import { z } from 'zod';
import type { ServiceReply } from '../../server/service.ts';
import { actionsName, largestValue } from './actionsName.ts';
import { ApiError, bodyOf, countedPage, environmentOf, notFound, param, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import type { Routes } from './router.ts';
import { after, now } from './state.ts';
import type { GitHubState, StoredVariable } from './records.ts';

/** A level that has variables: a repository or one of its environments. */
interface Level {
  /** How many variables it may have. */
  readonly most: number;
  holder(call: Call, state: GitHubState): { variables: StoredVariable[] };
}

/** GitHub's lists of variables are shorter than its others; a larger number is taken for the largest. */
const pages = { usual: 10, largest: 30 };

const newVariable = z.object({ name: z.string(), value: z.string() });
const changedVariable = newVariable.partial();

function list(level: Level): Handler {
  return (call) => countedPage(call, 'variables', level.holder(call, call.store.state).variables, rendered, pages);
}

function read(level: Level): Handler {
  return (call) => ({ status: 200, body: rendered(find(call, level.holder(call, call.store.state).variables)) });
}

/** Never replaces: a variable of that name is a conflict. */
function create(level: Level): Handler {
  return (call) =>
    call.store.update((state): ServiceReply => {
      const { variables } = level.holder(call, state);
      const body = bodyOf(call, newVariable);
      const name = actionsName('Variable', body.name);
      refuseTaken(variables, name);
      if (variables.length >= level.most) throw new ApiError(422, `Maximum of ${level.most} variables reached`);
      const createdAt = now();
      variables.push({ name, value: checked(body.value), createdAt, updatedAt: createdAt });
      return { status: 201, body: {}, effects: [effect(call, name)] };
    });
}

function change(level: Level): Handler {
  return (call) =>
    call.store.update((state) => {
      const { variables } = level.holder(call, state);
      const variable = find(call, variables);
      const body = bodyOf(call, changedVariable);
      const before = variable.name;
      if (body.name !== undefined) {
        const name = actionsName('Variable', body.name);
        if (name !== before) refuseTaken(variables, name);
        variable.name = name;
      }
      if (body.value !== undefined) variable.value = checked(body.value);
      variable.updatedAt = after(variable.updatedAt);
      const renamed = variable.name === before ? [] : [`${effect(call, before)} deleted`];
      return { status: 204, effects: [...renamed, effect(call, variable.name)] };
    });
}

function remove(level: Level): Handler {
  return (call) =>
    call.store.update((state) => {
      const holder = level.holder(call, state);
      const variable = find(call, holder.variables);
      holder.variables = holder.variables.filter((other) => other !== variable);
      return { status: 204, effects: [`${effect(call, variable.name)} deleted`] };
    });
}

function refuseTaken(variables: readonly StoredVariable[], name: string): void {
  if (variables.some((variable) => variable.name === name)) {
    throw new ApiError(409, 'Already exists - Variable already exists');
  }
}

function checked(value: string): string {
  if (Buffer.byteLength(value) > largestValue) throw new ApiError(422, 'The value is larger than 48 KB');
  return value;
}

function find(call: Call, variables: readonly StoredVariable[]): StoredVariable {
  const variable = variables.find(({ name }) => name === param(call, 'variable').toUpperCase());
  if (!variable) throw notFound();
  return variable;
}

function rendered({ name, value, createdAt, updatedAt }: StoredVariable) {
  return { name, value, created_at: createdAt, updated_at: updatedAt };
}

function effect(call: Call, name: string): string {
  const environment = call.params.environment;
  return `variable ${environment === undefined ? name : `${environment}/${name}`}`;
}

function routesUnder(path: string, level: Level): Routes {
  return {
    [`GET ${path}`]: list(level),
    [`POST ${path}`]: create(level),
    [`GET ${path}/:variable`]: read(level),
    [`PATCH ${path}/:variable`]: change(level),
    [`DELETE ${path}/:variable`]: remove(level),
  };
}

/**
 * Actions variables of repositories and environments. That a workflow run sees at most 256 KB of a repository's is no
 * limit here: GitHub keeps more, and leaves out what does not fit when it starts the run.
 */
export const variableRoutes: Routes = {
  ...routesUnder('/repos/:owner/:repo/actions/variables', {
    most: 500,
    holder: (call, state) => repositoryOf(call, state),
  }),
  ...routesUnder('/repos/:owner/:repo/environments/:environment/variables', {
    most: 100,
    holder: (call, state) => environmentOf(call, repositoryOf(call, state)),
  }),
  'GET /repos/:owner/:repo/actions/organization-variables': (call) =>
    countedPage(call, 'variables', repositoryOf(call).elsewhere?.organizationVariables ?? [], rendered, pages),
};
