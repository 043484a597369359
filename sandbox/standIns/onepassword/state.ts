import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Store } from '../../server/store.ts';
import { type Account, newAccount } from './account.ts';
import { base64url, newUuid } from './encoding.ts';
import { fieldKind, fieldKinds, type KnownLabel, productionLabels } from './fields.ts';

/** One field of an item; `section` is empty for the fields outside any section. */
export interface Field {
  readonly id: string;
  readonly section: string;
  readonly label: string;
  readonly concealed: boolean;
  value: string;
}

/** One item; its fields are in the order people see them. */
export interface Item {
  readonly id: string;
  readonly title: string;
  /** In the archive: kept, and out of the lists of people's clients. */
  readonly archived?: boolean;
  readonly createdAt: string;
  updatedAt: string;
  version: number;
  fields: Field[];
}

/** One vault with the key (base64url) that seals its items. */
export interface Vault {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly createdAt: string;
  contentVersion: number;
  items: Item[];
}

/** The stand-in's whole state. */
export interface OnePasswordState {
  readonly account: Account;
  readonly vaults: Vault[];
  /** References that were asked for once: what is taken away after that stays away. */
  provided?: string[];
}

/** The store of a sandbox; makes account, vault and values up when there are none yet. */
export function openState(stateDir: string): Store<OnePasswordState> {
  return new Store(join(stateDir, 'onepassword.json'), () => ({ account: newAccount(), vaults: [newPlatformVault()] }));
}

function newPlatformVault(): Vault {
  const now = new Date().toISOString();
  const item = { id: newUuid(), title: 'Supabase', createdAt: now, updatedAt: now, version: 1, fields: newFields() };
  return newVault('Platform', [item]);
}

/** A vault with a key of its own. */
export function newVault(name: string, items: Item[]): Vault {
  const key = base64url(randomBytes(32));
  return { id: newUuid(), key, name, createdAt: new Date().toISOString(), contentVersion: 1, items };
}

function newFields(): Field[] {
  const staging = (Object.keys(fieldKinds) as KnownLabel[]).map((label) =>
    newField('', label, fieldKinds[label].make()),
  );
  const production = productionLabels.map(({ label, shared }) => {
    const value = shared ? staging.find((field) => field.label === label)?.value : fieldKinds[label].make();
    return newField('', `production_${label}`, value ?? '');
  });
  return [...staging, ...production];
}

/** A new field; concealed unless its label says that it is no secret. */
export function newField(section: string, label: string, value: string): Field {
  return { id: newUuid(), section, label, concealed: fieldKind(label)?.plain !== true, value };
}
