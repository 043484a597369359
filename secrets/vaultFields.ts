import type { Client, Item } from '@1password/sdk';
import { namesIn } from '../settings/reference.ts';
import { Secret } from './secret.ts';
import { UnwrittenError, type VaultSession } from './vault.ts';

/** The fields of one item beside those of a reference, by label, below the same section. */
export interface ItemFields {
  /** The value of a field; `undefined` where the item has none of that label. */
  readonly get: (label: string) => Secret | undefined;
}

/** What a field becomes: another value, or nothing (`undefined` takes it away). `plain`: shown to people as it is. */
export interface FieldChange {
  readonly label: string;
  readonly value: Secret | undefined;
  readonly plain?: boolean;
}

/** The label of a reference's own field. */
function fieldOf(reference: string): string {
  return namesIn(reference).at(-1) ?? '';
}

/**
 * The fields beside each of these references, read in one sign-in and written nowhere. Throws a `VaultError` where 1Password
 * refuses.
 */
export async function readFields(
  vault: VaultSession,
  references: readonly string[],
): Promise<ReadonlyMap<string, ItemFields>> {
  return vault.use(async (client) => {
    const items = new Map<string, Promise<Item>>();
    const fields = new Map<string, ItemFields>();
    for (const reference of references) {
      const name = namesIn(reference).slice(0, 2).join('/');
      const item = items.get(name) ?? itemOf(client, reference);
      items.set(name, item);
      fields.set(reference, fieldsOf(await item, reference));
    }
    return fields;
  });
}

/**
 * Reads the item of a reference, lets `decide` say what changes in it, and writes that in one request: all of it or nothing.
 * Other fields stay as they are. Yields whether it wrote. Throws a `VaultError` where 1Password refuses, also because
 * somebody changed the item in between; nothing was written then. `decide` may be asked twice; `around` is handed the write itself and what it changes.
 */
export async function changeItem(
  vault: VaultSession,
  reference: string,
  decide: (fields: ItemFields) => readonly FieldChange[],
  around: (write: () => Promise<unknown>, changes: readonly FieldChange[]) => Promise<unknown> = (write) => write(),
): Promise<boolean> {
  return vault.use(async (client) => {
    const item = await itemOf(client, reference);
    const section = sectionOf(item, reference);
    const find = (label: string) => fieldIn(item, section, label);
    const changes = decide(fieldsOf(item, reference));
    if (changes.length === 0) return false;
    const { ItemFieldType } = await import('@1password/sdk');
    const labels = changes.map(({ label }) => label);
    const kept = item.fields.filter((field) => {
      return !labels.some((label) => find(label)?.id === field.id);
    });
    const written = changes.flatMap(({ label, value, plain }) => {
      if (value === undefined) return [];
      const before = find(label);
      if (before) return [{ ...before, value: value.reveal() }];
      const fieldType = plain === true ? ItemFieldType.Text : ItemFieldType.Concealed;
      return [
        {
          id: label,
          title: label,
          ...(section !== undefined && { sectionId: section }),
          fieldType,
          value: value.reveal(),
        },
      ];
    });
    await around(() => client.items.put({ ...item, fields: [...kept, ...written] }), changes);
    return true;
  });
}

function fieldIn(item: Item, section: string | undefined, label: string): Item['fields'][number] | undefined {
  return item.fields.find((field) => sameSection(field.sectionId, section) && isSame(field.title, label));
}

function fieldsOf(item: Item, reference: string): ItemFields {
  const section = sectionOf(item, reference);
  return {
    get(label) {
      const value = fieldIn(item, section, label)?.value;
      return value === undefined || value === '' ? undefined : new Secret(value);
    },
  };
}

/** Where items are, by vault and title, as long as a sign-in is used: finding one takes longer than reading it. */
const found = new WeakMap<Client, Map<string, Promise<Found>>>();

interface Found {
  readonly vaultId: string;
  readonly itemId: string;
}

async function itemOf(client: Client, reference: string): Promise<Item> {
  const known = found.get(client) ?? new Map<string, Promise<Found>>();
  found.set(client, known);
  const name = namesIn(reference).slice(0, 2).join('/');
  const finding = known.get(name) ?? findItem(client, reference);
  known.set(name, finding);
  try {
    const { vaultId, itemId } = await finding;
    return await client.items.get(vaultId, itemId);
  } catch (error) {
    known.delete(name); // it may be elsewhere by now
    throw error;
  }
}

async function findItem({ vaults, items }: Client, reference: string): Promise<Found> {
  const [vaultName = '', title = ''] = namesIn(reference);
  const vault = (await vaults.list()).find(({ id, title: name }) => id === vaultName || isSame(name, vaultName));
  const named = vault && (await items.list(vault.id)).filter((each) => each.id === title || isSame(each.title, title));
  const [one, ...more] = named ?? [];
  if (!vault || !one || more.length > 0) {
    throw new UnwrittenError(
      `${reference}: 1Password has ${more.length > 0 ? 'several items' : 'no item'} of that name. Nothing was written.`,
    );
  }
  return { vaultId: vault.id, itemId: one.id };
}

/** The section of the reference's field, which its neighbours share. */
function sectionOf({ sections, fields }: Item, reference: string): string | undefined {
  const names = namesIn(reference);
  const label = fieldOf(reference);
  if (names.length > 3) {
    const [, , name = ''] = names;
    return sections.find(({ id, title }) => id === name || isSame(title, name))?.id;
  }
  const outside = fields.find((field) => (field.sectionId ?? '') === '' && isSame(field.title, label));
  return outside ? outside.sectionId : fields.find((field) => isSame(field.title, label))?.sectionId;
}

function sameSection(one: string | undefined, other: string | undefined): boolean {
  return (one ?? '') === (other ?? '');
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
