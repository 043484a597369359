import { repositoryPath, type RepositoryName } from './github.ts';
import { call, type Api } from '../door/http.ts';

function secretsPath(name: RepositoryName, environment: string | undefined): string {
  return environment === undefined
    ? `${repositoryPath(name)}/actions/secrets`
    : `${repositoryPath(name)}/environments/${encodeURIComponent(environment)}/secrets`;
}

/** Seals a value for GitHub's public key and writes it, over whatever is there. Yields GitHub's time of the write. */
export async function sealSecret(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  secret: string,
  value: string,
): Promise<string> {
  const path = secretsPath(name, environment);
  const { json } = await call(api, { path: `${path}/public-key` });
  const { key, key_id: keyId } = json as { readonly key: string; readonly key_id: string };
  // Loaded only here: most looks write nothing.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  await call(api, {
    method: 'PUT',
    path: `${path}/${encodeURIComponent(secret)}`,
    body: { encrypted_value: sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL), key_id: keyId },
    audit: { action: 'set', writes: [{ place: 'actionsSecret', name: secret, in: environment, value }] },
  });
  const written = await call(api, { path: `${path}/${encodeURIComponent(secret)}` });
  return (written.json as { readonly updated_at: string }).updated_at;
}

/** Deletes an Actions secret. */
export async function deleteSecret(api: Api, name: RepositoryName, environment: string | undefined, secret: string) {
  await call(api, {
    method: 'DELETE',
    path: `${secretsPath(name, environment)}/${encodeURIComponent(secret)}`,
    audit: { action: 'delete', writes: [{ place: 'actionsSecret', name: secret, in: environment }] },
  });
}
