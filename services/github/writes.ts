import { z } from 'zod';
import { ofEnvironment, secretRoutes, type RepositoryName } from './github.ts';
import { github, githubWrite } from './route.ts';
import type { Api } from '../door/http.ts';

const publicKey = z.object({ key: z.string(), key_id: z.string() });
const times = z.object({ updated_at: z.string() });

/** Seals a value for GitHub's public key and writes it, over whatever is there. Yields GitHub's time of the write. */
export async function sealSecret(
  api: Api,
  name: RepositoryName,
  environment: string | undefined,
  secret: string,
  value: string,
): Promise<string> {
  const routes = secretRoutes(environment);
  const place = ofEnvironment(name, environment);
  const { key, key_id } = (await github(api, routes.key, place, publicKey)).data;
  // Loaded only here: most looks write nothing.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(value, sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  const encrypted_value = sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL);
  const audit = { action: 'set', writes: [{ place: 'actionsSecret', name: secret, in: environment, value }] };
  const own = { ...place, secret_name: secret };
  await githubWrite(api, audit, routes.write, { ...own, encrypted_value, key_id });
  return (await github(api, routes.read, own, times)).data.updated_at;
}

/** Deletes an Actions secret. */
export async function deleteSecret(api: Api, name: RepositoryName, environment: string | undefined, secret: string) {
  const audit = { action: 'delete', writes: [{ place: 'actionsSecret', name: secret, in: environment }] };
  const own = { ...ofEnvironment(name, environment), secret_name: secret };
  await githubWrite(api, audit, secretRoutes(environment).remove, own);
}
