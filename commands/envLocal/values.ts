import { valueOf } from '../../secrets/valueOf.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { placementsIn, resolvedSource, type Settings, type Source } from '../../settings/settings.ts';
import type { Wanted } from './file.ts';

/** The values that are declared for the local file, by their names there: one vault read. Always staging's, never production's. */
export async function localValues(settings: Settings): Promise<Wanted> {
  const sources = new Map(
    placementsIn(settings, 'localFile').map(({ name, source }): [string, Source] => [
      name,
      resolvedSource(settings, source),
    ]),
  );
  const references = [...sources].flatMap(([name, source]) =>
    source.kind === 'reference' ? [{ reference: source.reference, wantedBy: `${name} (local file)` }] : [],
  );
  const access = vaultAccess();
  if (access.kind === 'none' && references.length > 0) {
    throw new Error(
      'No access to 1Password. Set OP_ACCOUNT for the desktop app (or OP_SERVICE_ACCOUNT_TOKEN), and run it again.',
    );
  }
  const secrets = access.kind === 'none' ? new Map<string, never>() : await resolveReferences(access, references);
  const valueFrom = (source: Source): string => {
    if (source.kind === 'literal') return source.value;
    if (source.kind === 'reference') return valueOf(secrets, source.reference);
    throw new Error(`no line of the local file has a value of the kind ${source.kind}`);
  };
  return new Map([...sources].map(([name, source]) => [name, valueFrom(source)]));
}
