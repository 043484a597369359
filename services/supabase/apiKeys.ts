import { z } from 'zod';
import type { Act } from '../../audit/trail.ts';
import { supabaseRole } from '../../detection/supabaseRole.ts';
import { Secret } from '../../secrets/secret.ts';
import { call, requireTls, ServiceError, type Api } from '../door/http.ts';

/** One of a project's publishable and secret keys, with its value. */
export interface ProjectKey {
  readonly id: string;
  readonly name: string;
  readonly value: Secret;
  /** ISO 8601; absent where Supabase does not say. */
  readonly createdAt: string | undefined;
  /** By what Supabase shows the key where it does not show it whole; its logs have the same. */
  readonly hash: string | undefined;
  readonly prefix: string | undefined;
}

const listed = z.array(
  z.object({
    id: z.string().nullish(),
    name: z.string(),
    type: z.string().nullish(),
    api_key: z.string().nullish(),
    inserted_at: z.string().nullish(),
    hash: z.string().nullish(),
    prefix: z.string().nullish(),
  }),
);

/** The publishable and secret keys of a project; not the two legacy ones. */
export async function listApiKeys(api: Api, ref: string): Promise<ProjectKey[]> {
  const { data } = await call(api, { path: `/v1/projects/${ref}/api-keys`, query: { reveal: 'true' } }, listed);
  return data.flatMap(({ id, name, type, api_key: value, inserted_at: createdAt, hash, prefix }) => {
    if ((type !== 'publishable' && type !== 'secret') || !id || !value) return [];
    const shown = { createdAt: createdAt ?? undefined, hash: hash ?? undefined, prefix: prefix ?? undefined };
    return [{ id, name, value: new Secret(value), ...shown }];
  });
}

const made = z.object({ api_key: z.string() });

/** Makes a key beside those that are there. The audit trail has its fingerprint, which the answer alone lets one compute. */
export async function createApiKey(
  api: Api,
  ref: string,
  { type, name }: { readonly type: 'publishable' | 'secret'; readonly name: string },
): Promise<void> {
  const act = (value?: string): Act => ({ action: 'create', writes: [{ place: 'apiKey', name, value }] });
  const request = {
    method: 'POST',
    path: `/v1/projects/${ref}/api-keys`,
    query: { reveal: 'true' },
    body: { type, name },
    audit: act(),
    auditAfter: (answer: unknown) => act(made.safeParse(answer).data?.api_key),
  } as const;
  await call(api, request, z.unknown());
}

/** Revokes a key: whoever has it is refused from then on. */
export async function deleteApiKey(
  api: Api,
  ref: string,
  { id, name, value }: Pick<ProjectKey, 'id' | 'name' | 'value'>,
): Promise<void> {
  await call(api, {
    method: 'DELETE',
    path: `/v1/projects/${ref}/api-keys/${encodeURIComponent(id)}`,
    audit: { action: 'delete', writes: [{ place: 'apiKey', name, value: value.reveal() }] },
  });
}

/** Enables or disables the two legacy keys, which Supabase does in one. `keys`: those of them that are known, for the audit trail. */
export async function setLegacyApiKeys(
  api: Api,
  ref: string,
  enabled: boolean,
  keys: readonly Secret[],
): Promise<void> {
  const writes = keys.map((key) => ({ place: 'apiKey', name: legacyName(key), value: key.reveal() }));
  await call(api, {
    method: 'PUT',
    path: `/v1/projects/${ref}/api-keys/legacy`,
    query: { enabled: String(enabled) },
    repeatable: true,
    audit: {
      action: enabled ? 'enable' : 'disable',
      writes: writes.length > 0 ? writes : [{ place: 'apiKey', name: 'legacy' }],
    },
  });
}

function legacyName(key: Secret): string {
  return supabaseRole(key.reveal()) === 'service' ? 'service_role' : 'anon';
}

/** Whether the project at this address answers a request with a key. Any other refusal than of the key itself is an error. */
export async function acceptsApiKey(url: string, key: Secret): Promise<boolean> {
  try {
    await call(withKey(url, { apikey: key.reveal() }), { path: '/auth/v1/settings' });
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 401) return false;
    throw error;
  }
}

/**
 * Whether the project takes a token as a bearer's, `beside` any key that it accepts. A legacy key is such a token: disabled, it
 * opens nothing as a key, and as a bearer's what its role opens until the secret that signed it is revoked.
 */
export async function acceptsBearer(url: string, token: Secret, beside: Secret): Promise<boolean> {
  const headers = { apikey: beside.reveal(), authorization: `Bearer ${token.reveal()}` };
  try {
    // A table that is not there: whose token is refused does not learn even that.
    await call(withKey(url, headers), { path: '/rest/v1/no_such_table', query: { limit: '0' } });
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError) || (error.status !== 401 && error.status !== 404)) throw error;
    return error.status === 404;
  }
}

function withKey(baseUrl: string, headers: Readonly<Record<string, string>>): Api {
  requireTls(baseUrl);
  const addressSetting = 'STAGING_SUPABASE_URL';
  return { vendor: 'Supabase', baseUrl, headers, accessFix: 'The key is refused.', addressSetting };
}
