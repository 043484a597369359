import { valueOf } from '../../secrets/valueOf.ts';
import { resolveReferences } from '../../secrets/vault.ts';
import { vaultAccess } from '../../secrets/vaultAccess.ts';
import { browserKeyVariables, databaseUrlVariable } from '../../settings/names.ts';
import { organizationVariable, type Settings, type Source } from '../../settings/settings.ts';
import type { Wanted } from './file.ts';

/** What a developer may have on a laptop: what the browser gets anyway, and the organisation. Never a service role. */
export const developerVariables = [organizationVariable, databaseUrlVariable, ...browserKeyVariables] as const;

/** The values from the same sources as Netlify's and GitHub's: one vault read. */
export async function developerValues(settings: Settings): Promise<Wanted> {
  const sources = new Map<string, Source>([[organizationVariable, settings.organizationId]]);
  for (const { name, values } of settings.netlify.variables) {
    const source = values[0]?.source;
    const listed = (developerVariables as readonly string[]).includes(name) && name !== organizationVariable;
    if (listed && source) sources.set(name, source.kind === 'organizationId' ? settings.organizationId : source);
  }
  const references = [...sources].flatMap(([name, source]) =>
    source.kind === 'reference' ? [{ reference: source.reference, wantedBy: `${name} (.env.local)` }] : [],
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
    throw new Error(`no variable has a value of the kind ${source.kind}`);
  };
  return new Map([...sources].map(([name, source]) => [name, valueFrom(source)]));
}
