import type { Holder } from '../../rotation/holders.ts';
import type { Secret } from '../../secrets/secret.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';

/** Every declared field's value, in one read; `undefined` where this process has no access to the vault. */
export async function readValues(holders: readonly Holder[]): Promise<ReadonlyMap<string, Secret> | undefined> {
  const access = vaultAccess();
  if (access.kind === 'none') return undefined;
  return resolveReferences(
    access,
    holders.map(({ reference, name, title }) => ({ reference, wantedBy: `${name} (${title})` })),
  );
}
