import { jsonBody, type Service, type ServiceRequest } from '../../server/service.ts';
import { sealedKeyset, tokenOf } from './account.ts';
import { VaultEditor } from './editor.ts';
import { type Envelope, open, seal } from './envelope.ts';
import { refused, SignIn } from './signIn.ts';
import { openState, type OnePasswordState } from './state.ts';
import { sealedItem, sealedOverview, sealedVault } from './wire.ts';
import { writeItems } from './writes.ts';

/** 1Password on loopback, and the vault as people edit it. */
export interface OnePassword extends Service {
  readonly vault: VaultEditor;
}

/** A stand-in for 1Password that the unmodified SDK signs in to with {@link serviceAccountToken}. */
export function createOnePassword(options: { readonly stateDir: string }): OnePassword {
  const store = openState(options.stateDir);
  const signIn = new SignIn(() => store.state.account);
  return {
    name: 'onepassword',
    vault: new VaultEditor(store),
    handle(request) {
      const step = signIn.handle(request);
      if (step) return step;
      const session = signIn.keyOf(request);
      if (!session) return refused;
      const body = unseal(request, session.key);
      if (!body) return { status: 400, body: {} };
      const patch = patchPath.exec(request.path);
      if (request.method === 'PATCH' && patch !== null) {
        const [, vaultId = '', contentVersion = ''] = patch;
        const written = writeItems(store, { vaultId, contentVersion: Number(contentVersion) }, body.content);
        const { status, effects } = written;
        return { status, body: seal(session.id, session.key, written.body), ...(effects && { effects }) };
      }
      const answered = answer(store.state, request, body.content);
      if (answered === undefined) return { status: 404, body: {} };
      return { status: 200, body: seal(session.id, session.key, answered) };
    },
  };
}

/** The token of the sandbox's service account, for a stand-in that listens on `port`. */
export function serviceAccountToken(stateDir: string, port: number): string {
  return tokenOf(openState(stateDir).state.account, port);
}

/** Items are written to a vault as it was seen: with another content by now, nothing is. */
const patchPath = /^\/api\/v3\/vault\/(\w+)\/(\d+)\/items$/;
const vaultPath = /^\/api\/v[123]\/vault\/(\w+)(?:\/(.+))?$/;

/** The vault of a sandbox, to read beside the API. To change it while the stand-in runs, ask the stand-in. */
export function openVault(stateDir: string): VaultEditor {
  return new VaultEditor(openState(stateDir));
}

/** What a signed-in request gets, before it is sealed; `undefined` when there is no such thing. */
function answer({ account, vaults }: OnePasswordState, request: ServiceRequest, body: unknown): unknown {
  const { method, path } = request;
  if (method === 'POST' && path === '/api/v2/auth/complete') {
    return { accountUuid: account.accountUuid, userUuid: account.userUuid, mfa: null };
  }
  if (method === 'GET' && path === '/api/v2/account/keysets') return { version: 1, keysets: [sealedKeyset(account)] };
  if (method === 'GET' && path === '/api/v1/vaults') return vaults.map((vault) => sealedVault(account, vault));

  const [, vaultId, rest = ''] = vaultPath.exec(path) ?? [];
  const vault = vaults.find(({ id }) => id === vaultId);
  if (!vault) return undefined;
  const { contentVersion } = vault;
  if (method === 'GET' && rest === '') return sealedVault(account, vault);
  if (method === 'GET' && rest === 'items/overviews') {
    const items = vault.items.map((item) => sealedOverview(account, vault, item));
    return { contentVersion, batchComplete: true, items, deletedItemUuids: [] };
  }
  if (method === 'POST' && rest === 'items/batch') {
    const wanted = (body as { itemUuids?: unknown } | undefined)?.itemUuids;
    if (!Array.isArray(wanted)) return undefined;
    // One entry for each uuid asked for, duplicates included: the SDK counts them.
    const items = wanted.flatMap((id) => vault.items.filter((item) => item.id === id));
    return { contentVersion, items: items.map((item) => sealedItem(account, vault, item)) };
  }
  const [, itemId] = /^item\/(\w+)$/.exec(rest) ?? [];
  const item = vault.items.find(({ id }) => id === itemId);
  if (method === 'GET' && item) return { contentVersion, item: sealedItem(account, vault, item) };
  return undefined;
}

/** A signed-in request's body, decrypted (empty is fine); `undefined` when the session's key does not open it. */
function unseal(request: ServiceRequest, key: Buffer): { readonly content: unknown } | undefined {
  if (request.body.length === 0) return { content: undefined };
  try {
    return { content: open(key, jsonBody(request) as Envelope) };
  } catch {
    return undefined;
  }
}
