import { fromBase64url } from './encoding.ts';
import { seal, sealFor, symmetricJwk } from './envelope.ts';
import type { Account } from './account.ts';
import type { Item, Vault } from './state.ts';

/** Vaults and items in the shapes of 1Password's API, sealed with the vault's key. */

const everyPermission = 0xffffff;
const apiCredential = '112';

/** One vault with the service account's access to it. */
export function sealedVault(account: Account, vault: Vault) {
  const key = fromBase64url(vault.key);
  const attributes = { uuid: vault.id, type: 'U', name: vault.name, desc: '', avatar: '', defaultAccess: 0 };
  return {
    uuid: vault.id,
    type: 'U',
    createdAt: vault.createdAt,
    updatedAt: vault.createdAt,
    attrVersion: 1,
    contentVersion: vault.contentVersion,
    encAttrs: seal(vault.id, key, attributes),
    activeItemCount: vault.items.filter(({ archived }) => archived !== true).length,
    accessorsVersion: 1,
    clientAccess: everyPermission,
    combinedAccess: {
      vaultUuid: vault.id,
      accessorType: 'user',
      accessorUuid: account.userUuid,
      accessVersion: 1,
      acl: everyPermission,
      leaseTimeout: 0,
      vaultKeySN: 1,
      encryptedBy: account.keyset.uuid,
      encVaultKey: sealFor(account.keyset.uuid, account.keyset.encryptionPublic, symmetricJwk(vault.id, key)),
    },
  };
}

/** One item's title and dates, without its fields. */
export function sealedOverview(account: Account, vault: Vault, item: Item) {
  return {
    uuid: item.id,
    templateUuid: apiCredential,
    trashed: item.archived === true ? 'Y' : 'N',
    faveIndex: 0,
    createdAt: item.createdAt,
    updatedAt: item.updatedAt,
    changerUuid: account.userUuid,
    itemVersion: item.version,
    encryptedBy: vault.id,
    encOverview: seal(vault.id, fromBase64url(vault.key), { title: item.title, ainfo: '', ps: 0, tags: [] }),
  };
}

/** One item whole. */
export function sealedItem(account: Account, vault: Vault, item: Item) {
  return {
    ...sealedOverview(account, vault, item),
    encDetails: seal(vault.id, fromBase64url(vault.key), { fields: [], notesPlain: '', sections: sections(item) }),
  };
}

function sections(item: Item) {
  return [...new Set(item.fields.map((field) => field.section))].map((name) => ({
    name,
    title: name,
    fields: item.fields
      .filter((field) => field.section === name)
      .map((field) => ({ k: field.concealed ? 'concealed' : 'string', n: field.id, t: field.label, v: field.value })),
  }));
}
