import { createHash } from 'node:crypto';
import type { CreateSecretBody, DeleteSecretsBody, SecretResponse } from 'supabase-management-js';
import { z } from 'zod';
import { jsonBody, type ServiceReply, type ServiceRequest } from '../../server/service.ts';
import type { Store } from '../../server/store.ts';
import type { KeptSecret } from './kept.ts';
import { refusal, type State } from './state.ts';
import { supabase } from '../../process/identity.ts';

const secretsBody: z.ZodType<CreateSecretBody> = z.array(
  z.object({ name: z.string().min(1).max(256), value: z.string().max(24_576) }),
);
const namesBody: z.ZodType<DeleteSecretsBody> = z.array(z.string());

/** What a project's functions have from Supabase itself: listed with the others, and not to be written. */
const reserved = ['SUPABASE_URL', 'SUPABASE_ANON_KEY', 'SUPABASE_SERVICE_ROLE_KEY', 'SUPABASE_DB_URL'];

/** The most secrets that a project may have, without the reserved ones. */
const limit = 100;

/** `GET|POST|DELETE /v1/projects/REF/secrets`: a list shows digests, a write upserts, values never come back. */
export function functionSecrets(store: Store<State>, request: ServiceRequest, ref: string): ServiceReply {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: [...reserved.map(ofPlatform), ...Object.entries(kept(store, ref)).map(shown)] };
    case 'POST':
      return upsert(store, request, ref);
    case 'DELETE':
      return remove(store, request, ref);
    default:
      return refusal(404, 'Cannot find that');
  }
}

/** The values, for the Edge Functions that read them. Default: those of the sandbox's project. */
export function functionEnvironment(store: Store<State>, ref: string = supabase.projectRef): Record<string, string> {
  return Object.fromEntries(Object.entries(kept(store, ref)).map(([name, { value }]) => [name, value]));
}

/** Gives a new project these secrets, past its API. */
export function seedFunctionSecrets(
  { store }: { readonly store: Store<State> },
  values: Readonly<Record<string, string>>,
) {
  const updatedAt = new Date().toISOString();
  store.update((state) => {
    state.secrets = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, updatedAt }]));
  });
}

/** Absent in a state of before there were any. */
function kept({ state }: Store<State>, ref: string): Readonly<Record<string, KeptSecret>> {
  return (ref === supabase.projectRef ? state.secrets : state.otherSecrets?.[ref]) ?? {};
}

function keep(store: Store<State>, ref: string, secrets: Readonly<Record<string, KeptSecret>>): void {
  store.update((state) => {
    if (ref === supabase.projectRef) state.secrets = secrets;
    else state.otherSecrets = { ...state.otherSecrets, [ref]: secrets };
  });
}

function shown([name, { value, updatedAt }]: readonly [string, KeptSecret]): SecretResponse {
  return { name, value: createHash('sha256').update(value).digest('hex'), updated_at: updatedAt };
}

function ofPlatform(name: string): SecretResponse {
  return shown([name, { value: `of the platform: ${name}`, updatedAt: '2025-01-15T09:00:00.000Z' }]);
}

function upsert(store: Store<State>, request: ServiceRequest, ref: string): ServiceReply {
  const { data: body } = secretsBody.safeParse(jsonBody(request));
  if (!body) return refusal(400, 'expected a list of name and value');
  if (body.some(({ name }) => name.startsWith('SUPABASE_')))
    return refusal(400, 'Secret name must not start with the SUPABASE_ prefix');
  if (new Set([...Object.keys(kept(store, ref)), ...body.map(({ name }) => name)]).size > limit)
    return refusal(400, `A project may have ${limit} secrets`);
  const updatedAt = new Date().toISOString();
  keep(store, ref, {
    ...kept(store, ref),
    ...Object.fromEntries(body.map(({ name, value }) => [name, { value, updatedAt }])),
  });
  return { status: 201, effects: body.map(({ name }) => `function secret ${name}`) };
}

function remove(store: Store<State>, request: ServiceRequest, ref: string): ServiceReply {
  const { data: names } = namesBody.safeParse(jsonBody(request));
  if (!names) return refusal(400, 'expected a list of names');
  keep(store, ref, Object.fromEntries(Object.entries(kept(store, ref)).filter(([name]) => !names.includes(name))));
  return { status: 200, effects: names.map((name) => `function secret ${name} deleted`) };
}
