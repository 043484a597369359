import { digestOf } from '../places/edgeFunction/digest.ts';
import type { Secret } from '../secrets/secret.ts';
import { valueOf } from '../secrets/valueOf.ts';
import type { Wanted } from '../secrets/vault.ts';
import { resolvedSource, type Settings, type Source } from '../settings/settings.ts';
import { asSecret, nameOf, withOutputs, type ExportedResource } from '../engine/deployment.ts';
import type { Adoption } from './existing.ts';

/** An Edge Function secret that is taken over. */
type OwnSecret = Required<Pick<Adoption, 'name' | 'placement' | 'digest'>>;

/** What became of the imported Edge Function secrets. */
export interface OwnSecrets {
  readonly resources: readonly ExportedResource[];
  /** The names whose value in the vault is not the one that is there, as the digest shows. */
  readonly different: readonly string[];
}

/**
 * Makes each imported Edge Function secret hold itself alone: Pulumi's import reads every secret of the project into each,
 * and the next update would delete the others. Where the vault was read, its value is recorded if the digest proves that it
 * is the one that is there; another one is left out, so that the next update is refused until somebody allows it.
 */
export function withOwnSecrets(
  imported: readonly ExportedResource[],
  adoptions: readonly Adoption[],
  settings: Settings,
  vault: ReadonlyMap<string, Secret> | undefined,
): OwnSecrets {
  const own = new Map(ownSecrets(adoptions).map((each) => [each.name, each]));
  const different: string[] = [];
  const resources = imported.map((resource) => {
    const secret = own.get(nameOf(resource.urn));
    if (!secret) return resource;
    const { name } = secret.placement;
    const declared = vault && declaredValue(secret.placement.source, settings, vault);
    const isProven = declared !== undefined && digestOf(declared) === secret.digest;
    if (declared !== undefined && !isProven) different.push(name);
    const secrets = asSecret([{ name, ...(isProven && { value: declared }) }]);
    const digests = asSecret({ [name]: secret.digest });
    return { ...withOutputs(resource, { secrets, secretDigests: digests }), inputs: { ...resource.inputs, secrets } };
  });
  return { resources, different };
}

/** The references of the secrets that are taken over. */
export function ownReferences(adoptions: readonly Adoption[], settings: Settings): Wanted[] {
  return ownSecrets(adoptions).flatMap(({ placement }) => {
    const { name } = placement;
    const source = resolvedSource(settings, placement.source);
    return source.kind === 'reference'
      ? [{ reference: source.reference, wantedBy: `${name} (Edge Function secret)` }]
      : [];
  });
}

function ownSecrets(adoptions: readonly Adoption[]): OwnSecret[] {
  return adoptions.flatMap(({ name, placement, digest }) =>
    placement?.place === 'edgeFunction' && digest !== undefined ? [{ name, placement, digest }] : [],
  );
}

function declaredValue(source: Source, settings: Settings, vault: ReadonlyMap<string, Secret>): string | undefined {
  switch (source.kind) {
    case 'literal':
      return source.value;
    case 'reference':
      return valueOf(vault, source.reference);
    case 'organizationId':
      return declaredValue(settings.organizationId, settings, vault);
    case 'siteId':
      return undefined;
  }
}
