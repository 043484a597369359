import type { Secret } from '../secrets/secret.ts';
import { valueOf } from '../secrets/valueOf.ts';
import type { Wanted } from '../secrets/vault.ts';
import { contextFields } from '../settings/context.ts';
import { resolvedSource, type Settings, type Source, type Variable } from '../settings/settings.ts';
import type { LiveVariable } from '../services/netlify/netlify.ts';
import { asSecret, nameOf, withOutputs, type ExportedResource } from '../engine/deployment.ts';
import { netlifyResource } from '../settings/names/resourceTypes.ts';

type Resolve = (wanted: readonly Wanted[]) => Promise<ReadonlyMap<string, Secret>>;

/**
 * Netlify never shows a secret variable's value again, so the import leaves it out of the state. The vault's value of
 * each context that is live is recorded instead, which the person who adopts has agreed to: the next preview then shows
 * what is added, and the guard can see when production's value would change.
 */
export async function withVaultValues(
  imported: readonly ExportedResource[],
  settings: Settings,
  resolve: Resolve,
  live: readonly LiveVariable[],
): Promise<readonly ExportedResource[]> {
  const adopted = settings.netlify.variables.filter(
    ({ name, secret }) =>
      secret &&
      live.some((each) => each.key === name && each.secret) &&
      imported.some(({ urn }) => nameOf(urn) === netlifyResource(name)),
  );
  const known = adopted.map((variable) => ({ variable, values: liveValues(variable, settings, live) }));
  const secrets = await resolve(
    known.flatMap(({ variable, values }) =>
      values.flatMap(({ source }) =>
        source.kind === 'reference' ? [{ reference: source.reference, wantedBy: `${variable.name} (Netlify)` }] : [],
      ),
    ),
  );
  const byName = new Map(
    known.map(({ variable, values }) => [netlifyResource(variable.name), values.map((value) => entry(value, secrets))]),
  );
  return imported.map((resource) => {
    const secretValues = byName.get(nameOf(resource.urn));
    if (!secretValues || secretValues.length === 0) return resource;
    return {
      ...withOutputs(resource, { secretValues: asSecret(secretValues.map(asProvider)) }),
      inputs: { ...resource.inputs, secretValues: asSecret(secretValues) },
    };
  });
}

type DeclaredContext = Variable['values'][number];

/** The declared values whose context is live already, in the order of the declaration. */
function liveValues({ name, values }: Variable, settings: Settings, live: readonly LiveVariable[]): DeclaredContext[] {
  const contexts = new Set(live.find(({ key }) => key === name)?.values.map(({ context }) => context));
  return values
    .filter(({ context }) => contexts.has(context))
    .map((value) => ({ ...value, source: resolvedSource(settings, value.source) }));
}

/** A secret value as the provider holds it: without a branch, with an empty one. Otherwise the next preview would differ. */
function asProvider(value: ReturnType<typeof entry>) {
  return { contextParameter: '', ...value };
}

function entry({ context, source }: DeclaredContext, secrets: ReadonlyMap<string, Secret>) {
  return { ...contextFields(context), value: recordedValue(source, secrets) };
}

function recordedValue(source: Source, secrets: ReadonlyMap<string, Secret>): string {
  if (source.kind === 'literal') return source.value;
  if (source.kind === 'reference') return valueOf(secrets, source.reference);
  throw new Error(`no variable has a value of the kind ${source.kind}`);
}
