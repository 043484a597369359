import { endOf, nearEnd } from '../../secrets/expiry.ts';
import { wantedReferences } from '../../secrets/declaredValues.ts';
import type { Secret } from '../../secrets/secret.ts';
import { valueOf } from '../../secrets/valueOf.ts';
import { listVaults, resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { placementsIn, type Settings } from '../../settings/settings.ts';
import { fine, Missing, warning, type Check, type VaultValues } from './diagnosis.ts';
import { counted } from '../../machine/counted.ts';

export function vaultValues(settings: Settings): VaultValues {
  let reading: Promise<ReadonlyMap<string, Secret>> | undefined;
  const begin = async () => {
    const access = vaultAccess();
    if (access.kind === 'none')
      throw new Missing('No access to 1Password. Set OP_SERVICE_ACCOUNT_TOKEN, or OP_ACCOUNT for the desktop app.');
    return resolveReferences(access, wantedReferences(settings));
  };
  return { read: () => (reading ??= begin()) };
}

/** What a GitHub secret of this stack holds: from the environment, else from the vault by its reference. */
export async function heldValue(name: string, settings: Settings, vault: VaultValues): Promise<string> {
  const given = process.env[name];
  if (given) return given;
  const source = placementsIn(settings, 'actionsSecret').find((secret) => secret.name === name)?.source;
  const missing = `${name} is not set, and`;
  if (source?.kind !== 'reference')
    throw new Missing(`${missing} no value of the configuration is that Actions secret, by a 1Password reference.`);
  if (vaultAccess().kind === 'none') throw new Missing(`${missing} 1Password is not at hand: copy it from there.`);
  return valueOf(await vault.read(), source.reference);
}

/** The service account reads the one vault and every reference in it, and no value there ends soon by its own word. */
export const onePassword: Check = async (_, vault) => {
  const read = await vault.read();
  const ending = [...read].flatMap(([reference, value]) => {
    const end = endOf(value.reveal());
    const near = end && nearEnd(end, Date.now());
    return near ? [`${reference} ${near.text}`] : [];
  });
  if (ending.length > 0) return warning(`${ending.join('; ')}: make the successor at its vendor`);
  const access = vaultAccess();
  if (access.kind !== 'service-account') return fine(`reads ${allReferences(read.size)} (${access.kind})`);
  const wanted = new Set([...read.keys()].map((reference) => reference.split('/')[2]));
  const others = (await listVaults(access)).filter((title) => !wanted.has(title));
  if (others.length > 0) {
    return warning(
      `reads ${counted(others.length, 'other vault')} too: make a service account for ${[...wanted].join(', ')} alone`,
    );
  }
  return fine(`reads ${allReferences(read.size)}, and no other vault`);
};

function allReferences(count: number): string {
  return count === 1 ? 'the one reference' : `all ${count} references`;
}
