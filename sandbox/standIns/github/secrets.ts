import { z } from 'zod';
import type { ServiceReply } from '../../server/service.ts';
import { actionsName, largestValue } from './actionsName.ts';
import { ApiError, bodyOf, countedPage, environmentOf, notFound, param, repositoryOf } from './call.ts';
import type { Call, Handler } from './call.ts';
import type { Routes } from './router.ts';
import { makeKeyPair, openSealed } from './sealedBox.ts';
import { after, now } from './state.ts';
import type { GitHubState, KeyPair, StoredSecret } from './records.ts';

/** Where secrets are kept: a repository or one of its environments. */
interface Scope {
  keyPair?: KeyPair;
  secrets: StoredSecret[];
}

type ScopeOf = (call: Call, state: GitHubState) => Scope;

const mostSecrets = 100;

const sealedSecret = z.object({
  encrypted_value: z.base64('must be base64').min(1, 'must not be empty'),
  key_id: z.string(),
});

/** `GET …/secrets/public-key`: makes the key pair on first use. */
function publicKey(scopeOf: ScopeOf): Handler {
  return (call) => {
    const { id, publicKey } = call.store.update((state) => {
      const scope = scopeOf(call, state);
      scope.keyPair ??= makeKeyPair();
      return scope.keyPair;
    });
    return { status: 200, body: { key_id: id, key: publicKey } };
  };
}

function list(scopeOf: ScopeOf): Handler {
  return (call) => countedPage(call, 'secrets', scopeOf(call, call.store.state).secrets, rendered);
}

function read(scopeOf: ScopeOf): Handler {
  return (call) => ({ status: 200, body: rendered(find(call, scopeOf(call, call.store.state))) });
}

function write(scopeOf: ScopeOf): Handler {
  return (call) =>
    call.store.update((state): ServiceReply => {
      const scope = scopeOf(call, state);
      const name = actionsName('Secret', param(call, 'secret'));
      const value = unseal(call, scope);
      const sealed = bodyOf(call, sealedSecret).encrypted_value;
      const existing = scope.secrets.find((secret) => secret.name === name);
      const effects = [`secret ${effectName(call, name)}`];
      if (existing) {
        Object.assign(existing, { sealed, value, updatedAt: after(existing.updatedAt) });
        return { status: 204, effects };
      }
      if (scope.secrets.length >= mostSecrets) throw new ApiError(422, `Maximum of ${mostSecrets} secrets reached`);
      const createdAt = now();
      scope.secrets.push({ name, createdAt, updatedAt: createdAt, sealed, value });
      return { status: 201, body: {}, effects };
    });
}

function remove(scopeOf: ScopeOf): Handler {
  return (call) =>
    call.store.update((state) => {
      const scope = scopeOf(call, state);
      const secret = find(call, scope);
      scope.secrets = scope.secrets.filter((other) => other !== secret);
      return { status: 204, effects: [`secret ${effectName(call, secret.name)} deleted`] };
    });
}

/** What the request's sealed box holds. */
function unseal(call: Call, scope: Scope): string {
  const { encrypted_value, key_id } = bodyOf(call, sealedSecret);
  if (scope.keyPair?.id !== key_id) throw new ApiError(422, 'The key_id is not that of the current public key');
  const value = openSealed(encrypted_value, scope.keyPair);
  if (value === undefined) throw new ApiError(422, 'The encrypted_value was not sealed for the current public key');
  if (Buffer.byteLength(value) > largestValue) throw new ApiError(422, 'The value is larger than 48 KB');
  return value;
}

function find(call: Call, scope: Scope): StoredSecret {
  const secret = scope.secrets.find(({ name }) => name === param(call, 'secret').toUpperCase());
  if (!secret) throw notFound();
  return secret;
}

/** What the API shows of a secret: never its value. */
function rendered({ name, createdAt, updatedAt }: StoredSecret) {
  return { name, created_at: createdAt, updated_at: updatedAt };
}

function effectName(call: Call, name: string): string {
  const environment = call.params.environment;
  return environment === undefined ? name : `${environment}/${name}`;
}

function routesUnder(path: string, scopeOf: ScopeOf): Routes {
  return {
    [`GET ${path}`]: list(scopeOf),
    [`GET ${path}/public-key`]: publicKey(scopeOf),
    [`GET ${path}/:secret`]: read(scopeOf),
    [`PUT ${path}/:secret`]: write(scopeOf),
    [`DELETE ${path}/:secret`]: remove(scopeOf),
  };
}

const ofRepository: ScopeOf = (call, state) => repositoryOf(call, state);
const ofEnvironment: ScopeOf = (call, state) => environmentOf(call, repositoryOf(call, state));

/** Secrets that a repository's code reads and that are kept elsewhere. */
function elsewhere(kind: 'organization' | 'dependabot' | 'codespaces'): Handler {
  return (call) => countedPage(call, 'secrets', repositoryOf(call).elsewhere?.[kind] ?? [], rendered);
}

/** Actions secrets of repositories and environments; the second path is the older one, by the repository's id. */
export const secretRoutes: Routes = {
  ...routesUnder('/repos/:owner/:repo/actions/secrets', ofRepository),
  ...routesUnder('/repos/:owner/:repo/environments/:environment/secrets', ofEnvironment),
  ...routesUnder('/repositories/:repositoryId/environments/:environment/secrets', ofEnvironment),
  'GET /repos/:owner/:repo/actions/organization-secrets': elsewhere('organization'),
  'GET /repos/:owner/:repo/dependabot/secrets': elsewhere('dependabot'),
  'GET /repos/:owner/:repo/codespaces/secrets': elsewhere('codespaces'),
};
