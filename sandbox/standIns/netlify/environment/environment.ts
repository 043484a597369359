import type { ServiceReply } from '../../../server/service.ts';
import { jsonBody } from '../../../server/service.ts';
import { ApiError, badRequest, notFound, unprocessable } from '../apiError.ts';
import { isInput, objectBody, type Call, type Input, type Route } from '../call.ts';
import {
  contextName,
  readContextFilter,
  readKey,
  readScopeFilter,
  readScopes,
  readValue,
  readValues,
} from './environmentRules.ts';
import {
  findVariable,
  ownerOf,
  storedValues,
  variableEffects,
  variablesOf,
  variableView,
  type Owner,
} from './environmentStore.ts';
import { scopes, tick, type StoredAccount, type StoredVariable } from '../state.ts';

function list(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const context = readContextFilter(call.query);
  const scope = readScopeFilter(call.query);
  const { users, variables } = call.store.state;
  const body = (variables[owner.name] ?? [])
    .filter((variable) => !scope || variable.scopes.includes(scope))
    // With a context, branch values are left out, those too that would apply to it.
    .map((variable) => ({
      ...variable,
      values: variable.values.filter((value) => !context || value.context === context || value.context === 'all'),
    }))
    .filter((variable) => !context || variable.values.length > 0)
    .map((variable) => variableView(users, variable));
  return { status: 200, body };
}

function get(call: Call): ServiceReply {
  const variable = findVariable(call.store.state, ownerOf(call), call.params.key);
  return { status: 200, body: variableView(call.store.state.users, variable) };
}

/** What a request makes of a variable, before it is stored. */
type Draft = Pick<StoredVariable, 'key' | 'scopes' | 'values' | 'is_secret'>;

function newDraft(input: unknown, account: StoredAccount): Draft {
  if (!isInput(input)) throw badRequest('every variable must be an object');
  const isSecret = readFlag(input) ?? false;
  return {
    key: readKey(input.key),
    scopes: readScopes(input, isSecret, account) ?? [...scopes],
    values: storedValues(readValues(input.values, isSecret), []),
    is_secret: isSecret,
  };
}

function readFlag(input: Input): boolean | undefined {
  const flag = input.is_secret ?? undefined;
  if (flag !== undefined && typeof flag !== 'boolean') throw badRequest('is_secret must be a boolean');
  return flag;
}

/** Creates all variables of the request or none. */
function create(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const inputs = jsonBody(call.request);
  if (!Array.isArray(inputs) || inputs.length === 0) throw badRequest('body must be an array of variables');
  const drafts = inputs.map((input: unknown) => newDraft(input, owner.account));
  const known = new Set(call.store.state.variables[owner.name]?.map(({ key }) => key));
  for (const { key } of drafts) {
    if (known.has(key)) throw new ApiError(409, `environment variable ${key} already exists`);
    known.add(key);
  }
  return call.store.update((state) => {
    const made = drafts.map((draft) => ({ ...draft, updated_at: tick(state), updated_by: call.user.id }));
    variablesOf(state, owner).push(...made);
    return {
      status: 201,
      body: made.map((variable) => variableView(state.users, variable)),
      effects: made.flatMap((variable) => variableEffects(owner, undefined, variable)),
    };
  });
}

/** Replaces every value of a key; other contexts' values are gone. */
function replace(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const before = findVariable(call.store.state, owner, call.params.key);
  const body = objectBody(call);
  const isSecret = readFlag(body) ?? before.is_secret;
  if (before.is_secret && !isSecret) throw unprocessable('a secret cannot be made plain again');
  const key = body.key === undefined ? before.key : readKey(body.key);
  const taken = call.store.state.variables[owner.name]?.some((variable) => variable.key === key);
  if (key !== before.key && taken) throw new ApiError(409, `environment variable ${key} already exists`);
  return change(call, owner, before, 200, {
    key,
    scopes: readScopes(body, isSecret, owner.account) ?? [...scopes],
    values: storedValues(readValues(body.values, isSecret), before.values),
    is_secret: isSecret,
  });
}

/** Sets one context's value and leaves the others. */
function setValue(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const before = findVariable(call.store.state, owner, call.params.key);
  const input = readValue(objectBody(call), before.is_secret);
  const others = before.values.filter((value) => contextName(value) !== contextName(input));
  return change(call, owner, before, 201, {
    ...before,
    values: [...others, ...storedValues([input], before.values)],
  });
}

function removeValue(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const before = findVariable(call.store.state, owner, call.params.key);
  const values = before.values.filter(({ id }) => id !== call.params.id);
  if (values.length === before.values.length) throw notFound();
  const { effects } = change(call, owner, before, 204, { ...before, values });
  return { status: 204, effects: effects ?? [] };
}

function remove(call: Call): ServiceReply {
  const owner = ownerOf(call);
  const before = findVariable(call.store.state, owner, call.params.key);
  return call.store.update((state) => {
    state.variables[owner.name] = variablesOf(state, owner).filter((variable) => variable !== before);
    return { status: 204, effects: variableEffects(owner, before, undefined) };
  });
}

function change(call: Call, owner: Owner, before: StoredVariable, status: number, draft: Draft): ServiceReply {
  return call.store.update((state) => {
    const after = { ...draft, updated_at: tick(state), updated_by: call.user.id };
    const variables = variablesOf(state, owner);
    variables[variables.indexOf(before)] = after;
    return { status, body: variableView(state.users, after), effects: variableEffects(owner, before, after) };
  });
}

const one = '/accounts/{account_id}/env/{key}';

export const environmentRoutes: readonly Route[] = [
  { method: 'GET', path: '/accounts/{account_id}/env', handle: list },
  { method: 'GET', path: '/sites/{site_id}/env', handle: list },
  { method: 'POST', path: '/accounts/{account_id}/env', handle: create },
  { method: 'GET', path: one, handle: get },
  { method: 'PUT', path: one, handle: replace },
  { method: 'PATCH', path: one, handle: setValue },
  { method: 'DELETE', path: one, handle: remove },
  { method: 'DELETE', path: `${one}/value/{id}`, handle: removeValue },
];
