import { randomBytes, randomUUID } from 'node:crypto';
import type { ApiKeyResponse } from 'supabase-management-js';
import { z } from 'zod';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import type { Role } from '../supabase/keys.ts';
import { apiKeyHash, apiKeyPrefix } from '../supabase/requestLog.ts';
import type { KeptKey } from './kept.ts';
import { refusal, type State } from './state.ts';

const name = z
  .string()
  .min(4)
  .max(64)
  .regex(/^[a-z_][a-z0-9_]+$/);
const described = { description: z.string().nullish(), secret_jwt_template: z.looseObject({}).nullish() };
const newKey = z.object({ type: z.enum(['publishable', 'secret']), name, ...described });
const changedKey = z.object({ name: name.optional(), ...described });

/**
 * `GET|POST /v1/projects/REF/api-keys`, `GET|PATCH|DELETE /v1/projects/REF/api-keys/ID`: as many keys as wanted beside each
 * other. `GET|PUT /v1/projects/REF/api-keys/legacy`: the two legacy keys are on or off together.
 */
export function apiKeys(store: Store<State>, request: ServiceRequest, id: string | undefined): ServiceReply {
  const shown = (key: KeptKey) => show(key, request.query.get('reveal') === 'true');
  if (id === 'legacy') return legacyKeys(store, request);
  if (id === undefined) {
    if (request.method === 'GET') return { status: 200, body: [...legacy(store), ...kept(store).map(shown)] };
    return request.method === 'POST' ? create(store, request, shown) : refusal(404, 'Cannot find that');
  }
  const key = kept(store).find((each) => each.id === id);
  if (key === undefined) return refusal(404, 'API key not found');
  switch (request.method) {
    case 'GET':
      return { status: 200, body: shown(key) };
    case 'PATCH':
      return change(store, request, key, shown);
    case 'DELETE':
      replace(store, key.id, []);
      return { status: 200, body: shown(key), effects: [`api key ${key.name} deleted`] };
    default:
      return refusal(404, 'Cannot find that');
  }
}

function legacyKeys(store: Store<State>, request: ServiceRequest): ServiceReply {
  if (request.method === 'GET') return { status: 200, body: { enabled: store.state.legacyDisabled !== true } };
  if (request.method !== 'PUT') return refusal(404, 'Cannot find that');
  const enabled = request.query.get('enabled');
  if (enabled !== 'true' && enabled !== 'false') return refusal(400, 'enabled must be true or false');
  store.update((state) => {
    state.legacyDisabled = enabled === 'false';
  });
  const effect = `legacy api keys ${enabled === 'true' ? 'enabled' : 'disabled'}`;
  return { status: 200, body: { enabled: enabled === 'true' }, effects: [effect] };
}

/** The legacy keys as the list has them: their id is their name. */
function legacy({ state }: Store<State>): ApiKeyResponse[] {
  return Object.entries(state.legacyKeys ?? {}).map(([name, value]) => ({
    api_key: value,
    id: name,
    type: 'legacy',
    prefix: value.slice(0, 5),
    name,
    description: `Legacy ${name} API key`,
    hash: null,
    secret_jwt_template: null,
    inserted_at: null,
    updated_at: null,
  }));
}

/** The publishable and secret keys with the role that a request has by each, for what plays the project's database. */
export function acceptedKeys(store: Store<State>): readonly { readonly value: string; readonly role: Role }[] {
  return kept(store).map(({ value, type }) => ({ value, role: type === 'secret' ? 'service_role' : 'anon' }));
}

/** Absent in a state of before there were any. */
function kept({ state }: Store<State>): readonly KeptKey[] {
  return state.apiKeys ?? [];
}

function replace(store: Store<State>, id: string, by: readonly KeptKey[]): void {
  store.update((state) => {
    state.apiKeys = [...kept(store).filter((each) => each.id !== id), ...by];
  });
}

function create(store: Store<State>, request: ServiceRequest, shown: (key: KeptKey) => ApiKeyResponse): ServiceReply {
  const { data: body } = newKey.safeParse(jsonBody(request));
  if (!body) return refusal(400, 'expected a type and a name of 4 to 64 letters, digits and underscores');
  if (kept(store).some((each) => each.name === body.name && each.type === body.type))
    return refusal(409, `A ${body.type} key named ${body.name} exists`);
  const now = new Date().toISOString();
  const key: KeptKey = {
    id: randomUUID(),
    name: body.name,
    type: body.type,
    value: `sb_${body.type}_${randomBytes(18).toString('base64url')}_${randomBytes(6).toString('base64url')}`,
    description: body.description ?? null,
    secret_jwt_template: body.secret_jwt_template ?? null,
    inserted_at: now,
    updated_at: now,
  };
  replace(store, key.id, [key]);
  return { status: 201, body: shown(key), effects: [`api key ${key.name}`] };
}

function change(
  store: Store<State>,
  request: ServiceRequest,
  key: KeptKey,
  shown: (key: KeptKey) => ApiKeyResponse,
): ServiceReply {
  const { data: body } = changedKey.safeParse(jsonBody(request));
  if (!body) return refusal(400, 'expected a name of 4 to 64 letters, digits and underscores, or a description');
  const changed: KeptKey = {
    ...key,
    name: body.name ?? key.name,
    description: body.description === undefined ? key.description : body.description,
    secret_jwt_template: body.secret_jwt_template === undefined ? key.secret_jwt_template : body.secret_jwt_template,
    updated_at: new Date().toISOString(),
  };
  replace(store, key.id, [changed]);
  return { status: 200, body: shown(changed), effects: [`api key ${changed.name}`] };
}

/** A secret key is shown whole only to whoever asks for it, a publishable one always. */
function show({ value, ...key }: KeptKey, revealed: boolean): ApiKeyResponse {
  const secret = key.type === 'secret';
  const prefix = apiKeyPrefix(value);
  return {
    ...key,
    prefix,
    api_key: secret && !revealed ? `${prefix}···` : value,
    hash: apiKeyHash(value),
  };
}
