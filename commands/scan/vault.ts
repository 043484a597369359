import { valueSearch, type KnownValue } from '../../detection/text/valueSearch.ts';
import { isMadePublic, sensitiveReferences } from '../../leaks/vaultValues.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { fileSettings } from '../../settings/stack/file.ts';
import type { ValueFinder } from '../../files/scanSources.ts';

/**
 * A search for the actual sensitive values of the stack's settings, read once from 1Password and kept in memory only;
 * `undefined` when this process has no vault access. Throws when the vault does not answer: a scan without its best
 * detector must not look like one with it.
 */
export async function vaultValueFinder(
  root: string,
): Promise<{ readonly find: ValueFinder; readonly count: number } | undefined> {
  const access = vaultAccess();
  if (access.kind === 'none') return undefined;
  const secrets = await resolveReferences(access, sensitiveReferences(fileSettings(root)));
  const known: KnownValue[] = [...secrets]
    .filter(([, secret]) => !isMadePublic(secret))
    .map(([reference, secret]) => ({ name: reference, reveal: () => secret.reveal() }));
  return { find: valueSearch(known), count: known.length };
}
