import { z } from 'zod';
import type { Store } from '../../server/store.ts';
import { fromBase64url } from './encoding.ts';
import { open } from './envelope.ts';
import type { Field, Item, OnePasswordState } from './state.ts';

const envelope = z.object({ kid: z.string(), enc: z.string(), cty: z.string(), iv: z.string(), data: z.string() });

/** What the SDK's `items.put` sends: items whole, sealed with the vault's key. */
const patchBody = z.array(
  z.object({ uuid: z.string(), itemVersion: z.number(), encOverview: envelope, encDetails: envelope }),
);

const details = z.object({
  sections: z
    .array(
      z.object({
        name: z.string(),
        title: z.string().default(''),
        fields: z.array(z.object({ k: z.string(), n: z.string(), t: z.string(), v: z.unknown() })).default([]),
      }),
    )
    .default([]),
});

interface Written {
  readonly status: number;
  readonly body: unknown;
  readonly effects?: readonly string[];
}

/** `PATCH /api/v3/vault/ID/CONTENTVERSION/items`: replaces the fields of items that are there. */
export function writeItems(
  store: Store<OnePasswordState>,
  { vaultId, contentVersion }: { readonly vaultId: string; readonly contentVersion: number },
  content: unknown,
): Written {
  const { data } = patchBody.safeParse(content);
  const vault = store.state.vaults.find(({ id }) => id === vaultId);
  if (!data) return { status: 400, body: {} };
  if (!vault) return { status: 404, body: {} };
  if (contentVersion !== vault.contentVersion) return { status: 409, body: {} };
  const effects: string[] = [];
  const written = store.update(() =>
    data.flatMap(({ uuid, encDetails }) => {
      const item = vault.items.find(({ id }) => id === uuid);
      const given = details.safeParse(open(fromBase64url(vault.key), encDetails));
      if (!item || !given.success) return [];
      const before = item.fields;
      item.fields = given.data.sections.flatMap(({ name, fields }) => fields.map((each) => fieldOf(name, each)));
      item.version += 1;
      item.updatedAt = new Date().toISOString();
      effects.push(...changes(item, before).map((label) => `vault ${item.title}/${label}`));
      return [item];
    }),
  );
  store.update(() => {
    vault.contentVersion += 1;
  });
  // By uuid, as the SDK reads it: the version that each item has now, and what is wrong with the others.
  const updatedItems = Object.fromEntries(written.map(({ id, version }) => [id, version]));
  return { status: 200, body: { contentVersion: vault.contentVersion, updatedItems, failedItems: {} }, effects };
}

function fieldOf(section: string, { k, n, t, v }: { k: string; n: string; t: string; v?: unknown }): Field {
  return { id: n, section, label: t, concealed: k === 'concealed', value: typeof v === 'string' ? v : '' };
}

/** The labels of fields that are new, changed or gone. */
function changes({ fields }: Item, before: readonly Field[]): string[] {
  const same = (one: Field, other: Field) => one.id === other.id && one.value === other.value;
  const written = fields.filter((field) => !before.some((old) => same(old, field)));
  const gone = before.filter(({ id }) => !fields.some((field) => field.id === id));
  return [...written, ...gone].map(({ label }) => label);
}
