import { isMadePublic, sensitiveReferences, vaultValues, type VaultValue } from '../../../leaks/vaultValues.ts';
import { declaredHolders } from '../../../rotation/holders.ts';
import { subjectOf } from '../../../rotation/subject.ts';
import type { Secret } from '../../../secrets/secret.ts';
import { VaultSession } from '../../../secrets/vault.ts';
import { vaultAccess } from '../../../secrets/vaultAccess.ts';
import { readFields } from '../../../secrets/vaultFields.ts';
import type { Settings } from '../../../settings/settings.ts';
import { calledFrom } from '../prepare.ts';
import { readValues } from '../values.ts';

/** What the vault holds and held, to recognise what was found. */
export interface Vault {
  readonly values: readonly VaultValue[];
  /** What each reference of the configuration yields. */
  readonly held: ReadonlyMap<string, Secret>;
  /** The folder from which the command was called. */
  readonly from: string;
  /** The names in the configuration of what has this value. */
  namesOf(value: VaultValue): string[];
  /** The values that the configuration gives this name. */
  valuesOf(name: string): VaultValue[];
}

/** Reads every value that must stay secret, and those that rotations have replaced. Throws without access to the vault. */
export async function readVault(settings: Settings): Promise<Vault> {
  const holders = declaredHolders(settings);
  const found = await readValues(holders);
  const access = vaultAccess();
  if (found === undefined || access.kind === 'none')
    throw new Error(
      'No access to 1Password, so nobody can say what leaked, and nothing was done. Set OP_SERVICE_ACCOUNT_TOKEN to a token that may write the item, or OP_ACCOUNT for the desktop app.',
    );
  const sensitive = new Set(sensitiveReferences(settings).map(({ reference }) => reference));
  const references = [...found]
    .filter(([reference, secret]) => sensitive.has(reference) || isMadePublic(secret))
    .map(([reference]) => reference);
  const values = vaultValues(references, found, await readFields(new VaultSession(access), references));
  const namesOf = ({ references: own }: VaultValue) => [
    ...new Set(holders.filter(({ reference }) => own.includes(reference)).map(({ value }) => value)),
  ];
  return {
    values,
    held: found,
    from: calledFrom(),
    namesOf,
    valuesOf(name) {
      const { value } = subjectOf(settings, name);
      return values.filter((each) => namesOf(each).includes(value));
    },
  };
}
