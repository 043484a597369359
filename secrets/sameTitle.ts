import type { Client } from '@1password/sdk';
import { namesIn } from '../settings/reference.ts';

/**
 * The items that a title stands for when it stands for more than one, a text each: the id, and what distinguishes it from the
 * others. Archived ones too: some versions of 1Password's SDK count them. Empty when no vault or item has the name.
 */
export async function itemsOfTitle({ vaults, items }: Client, reference: string): Promise<string[]> {
  const [vaultName = '', title = ''] = namesIn(reference);
  const vault = (await vaults.list()).find(({ id, title: name }) => id === vaultName || isSame(name, vaultName));
  if (!vault) return [];
  const listed = await items.list(vault.id, { type: 'ByState', content: { active: true, archived: true } });
  return listed
    .filter((item) => isSame(item.title, title))
    .map(({ id, state, updatedAt }) => `${id} (${state}, changed ${updatedAt.toISOString().slice(0, 10)})`);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
