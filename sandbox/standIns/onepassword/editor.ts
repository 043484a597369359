import { randomBytes } from 'node:crypto';
import { namesIn, referenceProblem } from '../../../settings/reference.ts';
import type { Store } from '../../server/store.ts';
import { newUuid } from './encoding.ts';
import { fieldKind } from './fields.ts';
import { type Field, type Item, newField, newVault, type OnePasswordState, type Vault } from './state.ts';

/** One line of the vault's list: where a value is, never the value. */
export interface ListedField {
  readonly reference: string;
  /** `label` or `section/label`, as the commands take it. */
  readonly label: string;
  readonly characters: number;
  readonly lines: number;
  readonly updatedAt: string;
}

/** What people do in 1Password's own app: list, change, rotate and remove the fields of `Platform / Supabase`. */
export class VaultEditor {
  readonly #store: Store<OnePasswordState>;

  constructor(store: Store<OnePasswordState>) {
    this.#store = store;
  }

  /** Every field, without its value. */
  list(): ListedField[] {
    const { vault, item } = platform(this.#store.state);
    return item.fields.map((field) => ({
      reference: `op://${vault.name}/${item.title}/${path(field)}`,
      label: path(field),
      characters: field.value.length,
      lines: field.value.split('\n').length,
      updatedAt: item.updatedAt,
    }));
  }

  /** The value of one field: for tests and other stand-ins, which must know what the vault holds. */
  read(label: string): string {
    return find(platform(this.#store.state).item, label).value;
  }

  /** Changes a field, or adds it. */
  set(label: string, value: string): void {
    this.#change(({ fields }) => {
      const field = fields.find((candidate) => path(candidate) === label);
      if (field) {
        field.value = value;
        return;
      }
      const [, section = '', name = ''] = /^(?:([^/]+)\/)?([^/]+)$/.exec(label) ?? [];
      if (name === '') throw new Error('A label is NAME or SECTION/NAME.');
      fields.push(newField(section, name, value));
    });
  }

  /** Gives a field a new value of the same shape. */
  rotate(label: string): void {
    this.#change((item) => {
      const field = find(item, label);
      const kind = fieldKind(field.label);
      if (!kind) throw new Error(`The sandbox does not know the shape of "${label}". Set it: vault set ${label}`);
      if (kind.fixed) throw new Error(`"${label}" names something that exists and does not rotate. Set it instead.`);
      field.value = kind.make();
    });
  }

  /** Takes a field away. */
  remove(label: string): void {
    this.#change((item) => {
      const field = find(item, label);
      item.fields = item.fields.filter((candidate) => candidate !== field);
    });
  }

  /**
   * Makes up what these references name and the vault does not have, with a value of the label's shape or a random one.
   * Each reference counts once: what somebody removes is not made again. Yields what was made; what is no reference stays out.
   */
  provide(references: readonly string[]): string[] {
    const known = new Set(this.#store.state.provided);
    const asked = references.filter((reference) => !known.has(reference) && referenceProblem(reference) === undefined);
    if (asked.length === 0) return [];
    return this.#store.update((state) => {
      state.provided = [...known, ...asked];
      return asked.filter((reference) => makeUp(state, reference));
    });
  }

  /** Adds an item of one field to the vault, an archived one too. Yields its id. */
  addItem(title: string, field: { readonly label: string; readonly value: string }, archived = false): string {
    const id = newUuid();
    const at = new Date().toISOString();
    this.#store.update((state) => {
      const { vault } = platform(state);
      const fields = [newField('', field.label, field.value)];
      vault.items.push({ id, title, ...(archived && { archived }), createdAt: at, updatedAt: at, version: 1, fields });
      vault.contentVersion += 1;
    });
    return id;
  }

  #change(change: (item: Item) => void): void {
    this.#store.update((state) => {
      const { vault, item } = platform(state);
      change(item);
      item.version += 1;
      item.updatedAt = new Date().toISOString();
      vault.contentVersion += 1;
    });
  }
}

function platform({ vaults }: OnePasswordState): { vault: Vault; item: Item } {
  const [vault] = vaults;
  const [item] = vault?.items ?? [];
  if (!vault || !item) throw new Error('The sandbox has lost its vault. Start over: npm run sandbox -- reset');
  return { vault, item };
}

/** Whether the field of a reference had to be made. */
function makeUp({ vaults }: OnePasswordState, reference: string): boolean {
  const [vaultName = '', title = '', ...rest] = namesIn(reference);
  const label = rest.at(-1) ?? '';
  const section = rest.length > 1 ? (rest[0] ?? '') : '';
  const at = new Date().toISOString();
  let vault = vaults.find(({ id, name }) => id === vaultName || isSame(name, vaultName));
  if (!vault) vaults.push((vault = newVault(vaultName, [])));
  let item = vault.items.find((one) => one.id === title || (one.archived !== true && isSame(one.title, title)));
  if (!item) {
    item = { id: newUuid(), title, createdAt: at, updatedAt: at, version: 1, fields: [] };
    vault.items.push(item);
  }
  const isThere = (field: Field) =>
    field.id === label || (isSame(field.label, label) && isSame(field.section, section));
  if (item.fields.some(isThere)) return false;
  item.fields.push(newField(section, label, fieldKind(label)?.make() ?? randomBytes(24).toString('base64url')));
  item.updatedAt = at;
  vault.contentVersion += 1;
  return true;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function path({ section, label }: Field): string {
  return section === '' ? label : `${section}/${label}`;
}

function find(item: Item, label: string): Field {
  const field = item.fields.find((candidate) => path(candidate) === label);
  if (!field) throw new Error(`No field "${label}" in Platform / Supabase. See them: npm run sandbox -- vault list`);
  return field;
}
